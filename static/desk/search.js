/** Finding among the shop's answers while one types, or for what the customer said last. */

const WORDS = /[\p{L}\p{N}]+/gu;

/** Pairs of neighbouring letters: they find Chinese, which has no blanks, as well as the beginnings of English words. */
function pairs(text) {
  const found = new Set();
  for (const [word] of text.toLowerCase().matchAll(WORDS)) {
    const letters = [...word];
    if (letters.length === 1) found.add(word);
    for (let at = 1; at < letters.length; at += 1) found.add(letters[at - 1] + letters[at]);
  }
  return [...found];
}

/** Those of `questions` that have something in common with `text`, the most alike first. */
export function search(questions, text) {
  const wanted = pairs(text);
  const rank = ({ question, answer }) => {
    const [asked, said] = [question.toLowerCase(), answer.toLowerCase()];
    return wanted.reduce((sum, pair) => sum + (asked.includes(pair) ? 2 : 0) + (said.includes(pair) ? 1 : 0), 0);
  };
  return questions
    .map((entry) => ({ entry, rank: rank(entry) }))
    .filter((one) => one.rank > 0)
    .sort((one, other) => other.rank - one.rank)
    .map((one) => one.entry);
}

/** Of many, those that fit a whole sentence: more than a pair in common with the question itself. */
export function fitting(questions, sentence) {
  const said = pairs(sentence);
  const common = ({ question }) => pairs(question).filter((pair) => said.includes(pair)).length;
  return search(questions, sentence)
    .filter((entry) => common(entry) > 0)
    .slice(0, 3);
}
