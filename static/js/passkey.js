/* Passkeys: asks the key when a form that needs it is sent, puts the answer into the form, and sends it. Nothing is stored,
   and nothing is decided here. Without a script the pages say that codes are the way. */
"use strict";
(() => {
  const able = "parseRequestOptionsFromJSON" in (window.PublicKeyCredential ?? {});

  // The question to a key, put by the server at this moment
  const question = async (address, fields) => {
    const answer = await fetch(address, { method: "POST", body: new URLSearchParams(fields), redirect: "manual" });
    if (!answer.ok) throw new Error(answer.type === "opaqueredirect" ? "out" : "refused");
    return answer.json();
  };

  const ask = async (form) => {
    if (form.dataset.keyNew) {
      const { challenge, options } = JSON.parse(form.dataset.keyNew);
      const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
      return { challenge, credential: await navigator.credentials.create({ publicKey }) };
    }
    const about = form.querySelector("[data-key-ask]")?.dataset;
    const { challenge, options } = about
      ? await question("/konto/nycklar/fraga", { action: about.keyAsk, case: about.keyCase ?? "" })
      : await question(form.dataset.keySignIn, {});
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
    return { challenge, credential: await navigator.credentials.get({ publicKey }) };
  };

  const sentence = (fault) => {
    if (fault.name === "NotAllowedError") return "Nyckeln svarade inte. Försök igen.";
    if (fault.name === "InvalidStateError") return "Nyckeln är redan registrerad.";
    if (fault.message === "out") return "Du har loggats ut. Logga in igen.";
    return "Det gick inte att fråga nyckeln. Kontrollera nätet och försök igen.";
  };

  for (const form of document.querySelectorAll("form")) {
    if (!form.matches("[data-key-new], [data-key-sign-in]") && !form.querySelector("[data-key-ask]")) continue;
    const field = form.elements.passkey, status = form.querySelector("[data-key-status]");
    let asking = false;
    // Before others hear that the form is sent: it is not, yet
    form.addEventListener("submit", async (event) => {
      // A draft is saved without a key
      if (field.value || event.submitter?.hasAttribute("formaction")) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (asking) return;
      asking = true;
      status.hidden = true;
      try {
        if (!able) throw new Error("unable");
        const { challenge, credential } = await ask(form);
        field.value = JSON.stringify({ challenge, credential: credential.toJSON() });
        form.requestSubmit(event.submitter);
      } catch (fault) {
        status.textContent = able ? sentence(fault) : "Webbläsaren kan inte använda nycklar här. Byt webbläsare.";
        status.hidden = false;
      } finally {
        asking = false;
      }
    }, { capture: true });
    // Back to the page: the answer is spent
    addEventListener("pageshow", () => { field.value = ""; });
  }
})();
