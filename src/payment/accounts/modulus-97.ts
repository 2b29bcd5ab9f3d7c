/**
 * Whether the third and fourth character are the check digits of the others, as in an IBAN and an RF reference: capitals and
 * digits, letters counted from A = 10.
 * @see ISO 7064 MOD 97-10
 */
export function hasModulus97Digits(text: string): boolean {
  return remainder97(text) === 1 && isCanonicalCheck(text);
}

function remainder97(text: string): number {
  const digits = [...`${text.slice(4)}${text.slice(0, 4)}`].map((character) => Number.parseInt(character, 36)).join('');
  return [...digits].reduce((rest, digit) => (rest * 10 + Number(digit)) % 97, 0);
}

/** 00, 01 and 99 can satisfy the remainder but are never computed: each would be a second spelling of the same number. */
function isCanonicalCheck(text: string): boolean {
  const check = Number(text.slice(2, 4));
  return check >= 2 && check <= 98;
}
