// Passkeys: the one thing that only a script can do. A form with data-passkey asks the browser for a passkey before it is sent.
//
// data-passkey="get|create"   use one, or make one
// data-question               what the server asks, as JSON; or data-from, the address that asks it at the last moment
// input[name=credential]      receives the answer; [data-trouble] says so when there is none

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

function understood({ publicKey }) {
  const listed = (keys) => (keys ?? []).map((key) => ({ ...key, id: bytes(key.id) }));
  const options = { ...publicKey, challenge: bytes(publicKey.challenge) };
  if (publicKey.user) options.user = { ...publicKey.user, id: bytes(publicKey.user.id) };
  if (publicKey.allowCredentials) options.allowCredentials = listed(publicKey.allowCredentials);
  if (publicKey.excludeCredentials) options.excludeCredentials = listed(publicKey.excludeCredentials);
  return { publicKey: options };
}

function told(credential) {
  const { response } = credential;
  const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  return JSON.stringify({
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: Object.fromEntries(parts.filter((part) => response[part]).map((part) => [part, text(response[part])])),
  });
}

async function question(form) {
  if (form.dataset.question) return JSON.parse(form.dataset.question);
  return (await fetch(form.dataset.from, { headers: { Accept: "application/json" } })).json();
}

async function send(event) {
  const form = event.currentTarget;
  event.preventDefault();
  const trouble = form.querySelector("[data-trouble]");
  trouble.textContent = "";
  try {
    const asked = understood(await question(form));
    const credential = await navigator.credentials[form.dataset.passkey](asked);
    form.elements.credential.value = told(credential);
    form.submit();
  } catch {
    trouble.textContent = trouble.dataset.trouble;
  }
}

if (window.PublicKeyCredential) {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", send);
  }
}
