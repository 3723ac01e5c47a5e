// Short sounds of the page's own, made by the browser: nothing is loaded, and nothing sounds before somebody wants it.

import { preferences } from "./preferences.js";

/** Notes of each: hertz, when it begins and how long it lasts, in seconds. */
const tunes = {
  message: [[880, 0, 0.12], [1174.7, 0.1, 0.22]],
  coming: [[523.3, 0, 0.12], [659.3, 0.1, 0.12], [784, 0.2, 0.26]],
  mail: [[987.8, 0, 0.12], [740, 0.12, 0.12], [987.8, 0.24, 0.28]]
};

export const soundNames = Object.keys(tunes);

/** As loud as a word said quietly. */
const loudness = 0.12;
/** Seconds until a note is at its loudest: without it, it would crack. */
const attack = 0.012;

let context = null;

/** Plays a sound, wanted or not. */
export async function play(name) {
  try {
    context ??= new AudioContext();
    // A browser keeps it silent until the person has done something on the page.
    if (context.state === "suspended") await context.resume();
    const begin = context.currentTime + 0.01;
    for (const [hertz, from, lasts] of tunes[name]) {
      const tone = new OscillatorNode(context, { type: "triangle", frequency: hertz });
      const volume = new GainNode(context, { gain: 0 });
      volume.gain.setValueAtTime(0, begin + from);
      volume.gain.linearRampToValueAtTime(loudness, begin + from + attack);
      volume.gain.exponentialRampToValueAtTime(0.0001, begin + from + lasts);
      tone.connect(volume).connect(context.destination);
      tone.start(begin + from);
      tone.stop(begin + from + lasts);
    }
  } catch { /* A system without sound has none here either. */ }
}

/** Plays a sound if the person wants it. */
export function sound(name) {
  if (preferences.get("sounds").includes(name)) play(name);
}
