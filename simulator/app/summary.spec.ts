import { roundAge, summarise } from './summary.ts';

describe('what an order is about', () => {
  it.each([
    [
      'Begärs av:\n  Exempelbetal AB\nDin bank:\n  Exempelbanken AB\nBelopp:\n  1 250,00 SEK\nBetalas till:\n  Elbolaget AB\n\nSkriv bara under …',
      ['1 250,00 SEK', 'Elbolaget AB'],
    ],
    ['Requested by:\n  A Ltd\nAmount:\n  12.00 EUR\nPay to:\n  B Ltd', ['12.00 EUR', 'B Ltd']],
    ['Begärs av:\n  Butiken AB\nÄndamål:\n  Logga in hos Butiken AB\nKod:\n  K7', ['Logga in hos Butiken AB']],
    ['Jag betalar 5 kr.\n\n\nTill Bo.\nMer.', ['Jag betalar 5 kr.', 'Till Bo.']],
    ['Belopp:', []],
    ['', []],
    ['x'.repeat(61), [`${'x'.repeat(59)}…`]],
  ])('is said in at most two lines, and never by a label: %j', (text, lines) => {
    expect(summarise(text)).toEqual(lines);
  });

  it.each([
    [-3, { seconds: 0 }],
    [9.9, { seconds: 0 }],
    [29, { seconds: 20 }],
    [60, { minutes: 1 }],
    [179, { minutes: 2 }],
  ])('has an age that changes seldom: %d s', (seconds, age) => {
    expect(roundAge(seconds)).toEqual(age);
  });
});
