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
    const start = typed();
    let sent = false;
    form.addEventListener("submit", () => { sent = true; });
    addEventListener("beforeunload", (event) => { if (!sent && typed() !== start) event.preventDefault(); });
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
  windows.postMessage("alive");
  restart();
  setInterval(() => {
    const left = seconds - (Date.now() - start) / 1000;
    if (left <= 0) say("Du har loggats ut. Spara ändå: det du har skrivit finns kvar när du har loggat in igen.", "Logga in igen");
    else if (left <= 120) say("Du loggas ut om mindre än två minuter.", "Fortsätt");
  }, 1000);
})();
