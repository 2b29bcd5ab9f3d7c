import { chooseLanguage, languageCookie } from './language.ts';

describe('the language of a page', () => {
  it.each([
    [undefined, undefined, undefined, 'sv'],
    [undefined, undefined, 'de-DE,de;q=0.9', 'sv'],
    [undefined, undefined, 'en-GB,en;q=0.9,sv;q=0.8', 'en'],
    [undefined, undefined, 'en;q=0.3, sv-SE', 'sv'],
    [undefined, undefined, 'sv;q=0, en;q=0.1', 'en'],
    [undefined, 'a=b; sigill_lang=en', 'sv', 'en'],
    ['sv', 'sigill_lang=en', 'en', 'sv'],
    [['sv', 'en'], 'sigill_lang=<script>', 'en', 'en'],
  ])('chosen %p, before %p, browser %p: %s', (chosen, cookie, accept, language) => {
    expect(chooseLanguage(chosen, cookie, accept)).toBe(language);
  });

  it('stays chosen for a year on every page, and is no more than a language', () => {
    expect(languageCookie('en', true)).toBe('sigill_lang=en; Max-Age=31536000; Path=/; HttpOnly; Secure; SameSite=Lax');
  });
});
