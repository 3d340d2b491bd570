/** The words of a text, as the search takes them: it knows no dictionary, so Chinese is taken by pairs of characters. */

/**
 * Runs in the browser too, by its source text: it uses nothing from outside.
 * @param {string} text
 */
export function tokenize(text) {
  const words = text.split(/[^\p{L}\p{M}\p{N}]+|(?<=\p{Script=Han})(?!\p{Script=Han})|(?<!\p{Script=Han})(?=\p{Script=Han})/u);
  return words.filter(Boolean).flatMap((word) => {
    const characters = [...word];
    if (characters.length < 3 || !/\p{Script=Han}/u.test(word)) return [word];
    return characters.slice(1).map((character, index) => characters[index] + character);
  });
}
