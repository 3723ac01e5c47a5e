// How much waits, in the picture that the browser shows on the tab. Drawings of the page's own: its policy allows no others.

const most = 9;

export function showWaiting(number) {
  const link = document.querySelector("link[rel=icon]");
  const name = number > most ? "more" : String(number);
  const address = number > 0 ? `/icons/unread-${name}.svg` : "/favicon.svg";
  if (link.getAttribute("href") !== address) link.setAttribute("href", address);
}
