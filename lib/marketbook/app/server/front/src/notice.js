// What a reader is told when something did not work: a sentence and a number that the server's log knows, no more.

let texts = {};

export function speak(found) {
  texts = found;
}

export function failure(reference) {
  const element = document.createElement("p");
  element.className = "app-refusal";
  element.setAttribute("role", "alert");
  element.textContent = texts.failed.replace("{number}", reference);
  return element;
}

// Shows a notice over the page until it is read.
export function tell(sentence) {
  const element = document.createElement("div");
  element.className = "app-notice";
  element.setAttribute("role", "alert");
  const close = document.createElement("button");
  close.type = "button";
  close.textContent = "×";
  close.setAttribute("aria-label", texts.close);
  close.addEventListener("click", () => element.remove());
  element.append(sentence, close);
  document.querySelector(".app-notice")?.remove();
  document.body.append(element);
}

export function tellFailure(reference) {
  tell(texts.failed.replace("{number}", reference));
}

export function tellTooLarge() {
  tell(texts.tooLarge);
}
