/* Improvements on pages that work without a script. No dependency, no rendering, nothing stored. */
"use strict";
(() => {
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  // Fault summary: gets the focus when the page has loaded
  one("#felsammanfattning")?.focus();

  // Unsaved changes: warn before the page is left
  for (const form of all("form[data-guard]")) {
    const typed = () => new URLSearchParams(new FormData(form)).toString();
    let start = typed(), sent = false;
    form.addEventListener("submit", () => { sent = true; });
    // A draft that holds everything is nothing to warn about
    form.addEventListener("kept", () => { start = typed(); });
    addEventListener("beforeunload", (event) => { if (!sent && typed() !== start) event.preventDefault(); });
  }

  // Drafts: an open form saves itself five seconds after something has changed, when a field is left, and when the page
  // is; one save at a time. The answer says which draft and which version of it this page now holds. Where another page
  // has saved another text nothing is written over: a note of the journal shows both when it is saved by hand, and a
  // form of any other room begins a draft of its own.
  // What proves who somebody is goes with the act alone
  const proofs = ["password", "code", "passkey"];
  for (const form of all("form[data-autosave], form[data-draft]")) {
    const shown = one("[data-autosave-status], [data-draft-status]", form), address = form.dataset.autosave ?? "/utkast";
    const version = form.elements.draft ?? form.elements.form_version;
    if (!version) continue;
    const written = () => {
      const fields = new URLSearchParams(new FormData(form));
      for (const own of ["draft", "form_draft", "form_version", "form_tab", ...proofs]) fields.delete(own);
      return fields.toString();
    };
    let kept = written(), pause, sending = false, stopped = false;
    const say = (text) => { if (shown.textContent !== text) shown.textContent = text; };
    const later = () => { pause ??= setTimeout(save, 5000); };
    const save = async () => {
      clearTimeout(pause);
      pause = undefined;
      const text = written();
      if (sending || stopped || text === kept) return;
      sending = true;
      const body = new URLSearchParams(new FormData(form));
      for (const proof of proofs) body.delete(proof);
      // Outlives the page, which browsers allow small requests only
      const keepalive = body.toString().length < 60000;
      const answer = await fetch(address, { method: "POST", body, keepalive, redirect: "manual" })
        .catch(() => undefined);
      const said = answer?.ok ? await answer.json().catch(() => undefined) : undefined;
      sending = false;
      if (said?.version) {
        version.value = said.version;
        if (said.draft) form.elements.form_draft.value = said.draft;
        kept = text;
        say(`Utkast sparat kl. ${said.saved}`);
        if (written() === kept) form.dispatchEvent(new Event("kept"));
        dispatchEvent(new Event("alive"));
      } else if (said?.sent) {
        kept = text;
      } else if (answer?.status === 409 && form.dataset.autosave) {
        stopped = true;
        say("Utkastet har ändrats i ett annat fönster. Välj Spara utkast för att se båda texterna.");
      } else if (answer?.type === "opaqueredirect") {
        say("Utkastet kunde inte sparas. Du har loggats ut.");
      } else say("Utkastet kunde inte sparas. Kontrollera nätet.");
      if (!stopped && written() !== kept) later();
    };
    form.addEventListener("input", later);
    form.addEventListener("focusout", save);
    form.addEventListener("submit", () => { stopped = true; clearTimeout(pause); });
    addEventListener("pagehide", save);
    // While somebody is asked whether to leave, it is saved
    addEventListener("beforeunload", save);
    addEventListener("online", save);
    // Back to the page as it was left, perhaps because what was sent never arrived: it is another page by now
    addEventListener("pageshow", (event) => {
      if (!event.persisted) return;
      stopped = false;
      if (form.elements.form_tab) form.elements.form_tab.value = crypto.randomUUID();
      save();
    });
    document.addEventListener("visibilitychange", () => { if (document.hidden) save(); });
    addEventListener("keydown", (event) => {
      if (event.key !== "s" || !(event.ctrlKey || event.metaKey) || event.altKey) return;
      event.preventDefault();
      save();
    });
  }

  // Characters left: seen at once, read out when the typing pauses
  for (const area of all("textarea[data-max]")) {
    const shown = one("[data-count]", area.parentElement), spoken = document.createElement("span");
    spoken.className = "vh";
    spoken.setAttribute("role", "status");
    shown.after(spoken);
    let pause;
    const count = () => {
      // The server counts characters, not UTF-16 units
      const left = area.dataset.max - [...area.value].length, digits = Math.abs(left).toLocaleString("sv-SE");
      shown.textContent = left >= 0 ? `${digits} tecken kvar` : `${digits} tecken för mycket`;
      clearTimeout(pause);
      pause = setTimeout(() => { spoken.textContent = shown.textContent; }, 1000);
    };
    area.addEventListener("input", count);
    if (area.value) count();
  }

  // Menus: a click outside closes them
  addEventListener("click", (event) => {
    for (const menu of all("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  });

  // Tables wider than their place: reached and moved with the keyboard
  const reachable = () => {
    for (const wrap of all(".table-wrap")) {
      const scrolls = wrap.scrollWidth > wrap.clientWidth;
      wrap.toggleAttribute("tabindex", scrolls);
      if (!scrolls) { wrap.removeAttribute("role"); wrap.removeAttribute("aria-label"); continue; }
      wrap.tabIndex = 0;
      wrap.setAttribute("role", "group");
      wrap.setAttribute("aria-label", one("caption", wrap)?.textContent ?? "");
    }
  };
  addEventListener("resize", reachable);
  reachable();

  // Tabs: bring the current one into sight on a narrow screen, without moving the page
  const tab = one(".tabs [aria-current]"), tabs = tab?.closest(".tabs");
  if (tabs) tabs.scrollLeft = tab.offsetLeft - (tabs.clientWidth - tab.offsetWidth) / 2;

  // Protected facts: gone from the page when their time is up (by the wall clock, see below), on Escape, and where
  // somebody is also when the tab is left
  for (const shown of all("[data-hide-after]")) {
    const until = Date.now() + shown.dataset.hideAfter * 1000, back = one("a[href]", shown).href;
    const ticking = setInterval(() => { if (Date.now() >= until) hide(); }, 1000);
    const hide = () => {
      if (!shown.isConnected) return;
      clearInterval(ticking);
      const note = document.createElement("p"), link = document.createElement("a");
      note.className = "panel panel-body measure";
      note.tabIndex = -1;
      note.append("Uppgifterna är dolda. ", link);
      link.href = back;
      link.textContent = "Tillbaka";
      shown.replaceWith(note);
      note.focus();
    };
    addEventListener("pagehide", hide);
    addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
    if ("hideUnseen" in shown.dataset) {
      document.addEventListener("visibilitychange", () => { if (document.hidden) hide(); });
    }
  }

  // Filters: closed from the start on a narrow screen
  if (matchMedia("(max-width:47.99rem)").matches) for (const filter of all("details.filter-toggle")) filter.open = false;

  // Keys. The single-letter ones can be switched off in the settings (WCAG 2.1.4).
  const places = { a: "/arenden", p: "/placeringar" };
  let pressedG = 0;
  addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      for (const menu of all("details.menu[open]")) { menu.open = false; one("summary", menu).focus(); }
      return;
    }
    const off = document.documentElement.dataset.shortcuts === "off";
    const typing = event.target.closest?.("input,textarea,select,[contenteditable]");
    if (off || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "/") {
      const field = one("#sok");
      if (field) { event.preventDefault(); field.focus(); }
    } else if (event.key === "?") one("#kortkommandon")?.showModal?.();
    else if (event.key === "g") pressedG = Date.now();
    else if (Date.now() - pressedG < 1500 && places[event.key] && one(`.mainnav a[href="${places[event.key]}"]`)) {
      location.href = places[event.key];
    }
  });

  // Session clock: says two minutes before the end that it is near. Counts by the wall clock, since a sleeping
  // computer's timers stand still; pages in other windows restart it, since they lengthen the same session.
  const seconds = Number(document.body.dataset.sessionSeconds), banner = one("#session");
  if (!seconds || !banner) return;
  const windows = new BroadcastChannel("session");
  let start, said;
  const restart = () => { start = Date.now(); said = ""; banner.replaceChildren(); };
  const say = (text, action) => {
    if (said === text) return;
    said = text;
    const box = document.createElement("div"), line = document.createElement("p"), link = document.createElement("a");
    box.className = "notice notice-warn";
    line.textContent = `${text} `;
    link.href = location.pathname + location.search;
    link.textContent = action;
    link.addEventListener("click", async (event) => {
      // A reload would lose what was typed, so another page of ours is asked for first
      event.preventDefault();
      const alive = await fetch("/konto", { redirect: "error" }).then((answer) => answer.ok, () => false);
      if (!alive) return location.assign(link.href);
      restart();
      windows.postMessage("alive");
    });
    line.append(link);
    box.append(line);
    banner.replaceChildren(box);
  };
  windows.onmessage = restart;
  addEventListener("alive", () => {
    restart();
    windows.postMessage("alive");
  });
  windows.postMessage("alive");
  restart();
  setInterval(() => {
    const left = seconds - (Date.now() - start) / 1000;
    if (left <= 0) say("Du har loggats ut. Spara ändå: det du har skrivit finns kvar när du har loggat in igen.", "Logga in igen");
    else if (left <= 120) say("Du loggas ut om mindre än två minuter.", "Fortsätt");
  }, 1000);
})();
