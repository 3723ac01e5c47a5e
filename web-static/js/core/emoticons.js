// The emoticons of 2001, as the clients of that year had them, and what of today's characters comes closest.

/** The codes of each, the usual one first, and its emoji; in the order in which a picker offers them. */
export const emoticons = [
  [[":-)", ":)"], "🙂"], [[":-D", ":D", ":->", ":>"], "😃"], [[";-)", ";)"], "😉"], [[":-O", ":O"], "😮"],
  [[":-P", ":P"], "😛"], [["(H)"], "😎"], [[":-@", ":@"], "😠"], [[":-S", ":S"], "😕"], [[":-$", ":$"], "😳"],
  [[":-(", ":(", ":-<", ":<"], "🙁"], [[":'("], "😢"], [[":-|", ":|"], "😐"], [["(6)"], "😈"], [["(A)"], "😇"],
  [["(L)"], "❤️"], [["(U)"], "💔"], [["(K)"], "💋"], [["(G)"], "🎁"], [["(F)"], "🌹"], [["(W)"], "🥀"],
  [["(Y)"], "👍"], [["(N)"], "👎"], [["({)"], "🤗"], [["(})"], "🫂"], [["(Z)"], "👦"], [["(X)"], "👧"],
  [["(M)"], "👥"], [["(@)"], "🐱"], [["(&)"], "🐶"], [[":-[", ":["], "🦇"], [["(S)"], "🌙"], [["(*)"], "⭐"],
  [["(#)"], "☀️"], [["(R)"], "🌈"], [["(8)"], "🎵"], [["(~)"], "🎞️"], [["(P)"], "📷"], [["(I)"], "💡"],
  [["(C)"], "☕"], [["(B)"], "🍺"], [["(D)"], "🍸"], [["(^)"], "🎂"], [["(E)"], "✉️"], [["(T)"], "📞"],
  [["(O)"], "🕒"], [["(%)"], "⛓️"], [["(?)"], "❓"]
];

/** Emoji by group, as a picker offers them. */
export const emoji = {
  faces: "😀 😁 😂 🤣 😊 😇 😍 🥰 😘 😋 😜 🤪 🤨 🧐 🤓 😎 🥳 😏 😒 😔 😢 😭 😤 😡 🤯 😳 🥶 😱 🤔 🤫 🙄 😴 🤢 🤒 👻 🤖",
  people: "👍 👎 👏 🙌 🤝 🙏 💪 👋 ✌️ 🤞 🤟 👌 👈 👉 👆 👇 ✍️ 👀 🧠 👶 👩 👨 👵 👴 👪 💃 🕺 🏃",
  hearts: "❤️ 🧡 💛 💚 💙 💜 🖤 🤍 💔 💕 💖 💘 💋 💯 ✨ 🔥 ⭐ 🌈",
  nature: "🐶 🐱 🐭 🐰 🦊 🐻 🐼 🐷 🐸 🐵 🐔 🐧 🦉 🦇 🐝 🦋 🐢 🐟 🐬 🌱 🌲 🌹 🌻 🍀 ☀️ 🌙 ☁️ ☔ ❄️ 🌊",
  food: "🍎 🍌 🍓 🍇 🍋 🥑 🥕 🌽 🍞 🧀 🍳 🍔 🍟 🍕 🌮 🍜 🍣 🍦 🍰 🎂 🍫 🍪 ☕ 🍵 🍺 🍷 🍸 🥂",
  things: "⚽ 🏀 🎾 🎲 🎮 🎸 🎵 🎤 🎬 📷 📞 💻 💾 📀 📺 💡 🔑 🔒 ✉️ 📎 ✏️ 📚 🎁 🎉 🎈 ⏰ 🚗 🚲 🚆 ✈️ 🏠 🏖️"
};

const escaped = code => code.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
const byCode = new Map(emoticons.flatMap(([codes, picture]) => codes.map(code => [code.toLowerCase(), picture])));
const longestFirst = [...byCode.keys()].sort((one, other) => other.length - one.length);
const anyCode = new RegExp(longestFirst.map(escaped).join("|"), "giu");

const isWord = character => /[\p{L}\p{N}_]/u.test(character);

/** Whether a code stands by itself, and is no part of a word, of `f(x)` or of `std::D`. */
function isAlone(text, index, code, isAfterOther) {
  const before = text[index - 1] ?? " ";
  const behind = text[index + code.length] ?? " ";
  const begins = isAfterOther || !isWord(before) && !")]:;=/\\&".includes(before);
  const isOpen = isWord(code.at(-1)) || code.startsWith("(");
  return begins && !(isOpen && isWord(behind));
}

/** Cuts a text into `{text}` and `{text, emoji}`, where `text` is the code as sent. */
export function withEmoticons(text) {
  const parts = [];
  let from = 0;
  let end = -1;
  for (const { 0: code, index } of text.matchAll(anyCode)) {
    if (!isAlone(text, index, code, index === end)) continue;
    if (index > from) parts.push({ text: text.slice(from, index) });
    parts.push({ text: code, emoji: byCode.get(code.toLowerCase()) });
    from = index + code.length;
    end = from;
  }
  if (from < text.length) parts.push({ text: text.slice(from) });
  return parts;
}

/** What stands between backticks, as people who write to programmers do. */
const code = /```[\s\S]+?```|`[^`\n]+`/g;

/** Cuts a text into `{text, isCode}`. */
export function codeApart(text) {
  const parts = [];
  let from = 0;
  for (const found of text.matchAll(code)) {
    if (found.index > from) parts.push({ text: text.slice(from, found.index), isCode: false });
    parts.push({ text: found[0], isCode: true });
    from = found.index + found[0].length;
  }
  if (from < text.length) parts.push({ text: text.slice(from), isCode: false });
  return parts;
}
