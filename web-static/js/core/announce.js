// Says things to a screen reader, in regions that are there from the beginning. What comes close together is said one after
// the other: nothing is overwritten.

/** Milliseconds after which what was said is taken out again; nothing is said by that. */
const kept = 10_000;

function say(region, text) {
  const place = document.getElementById(region);
  if (!place || !text) return;
  const line = document.createElement("p");
  line.textContent = text;
  place.append(line);
  setTimeout(() => line.remove(), kept);
}

/** When there is a pause. */
export const announce = text => say("announcements", text);

/** At once: something did not work. */
export const alert = text => say("alerts", text);
