import { parseCookie, stringifySetCookie } from 'cookie';
import type { Request, Response } from 'express';

export type Language = 'sv' | 'en';

export const languages: readonly Language[] = ['sv', 'en'];

const NAME = 'sigill_lang';
const YEAR_SECONDS = 31_536_000;

/** The language chosen on the page, else the one chosen before, else the browser's; Swedish if it names neither. */
export function chooseLanguage(
  chosen: unknown,
  cookieHeader: string | undefined,
  acceptLanguage: string | undefined,
): Language {
  return findLanguage(chosen) ?? findLanguage(parseCookie(cookieHeader ?? '')[NAME]) ?? preferred(acceptLanguage);
}

/** The language of the person who asks. */
export function languageOf({ query, headers }: Pick<Request, 'query' | 'headers'>): Language {
  return chooseLanguage(query['lang'], headers.cookie, headers['accept-language']);
}

/** Keeps the language that the address of a page chooses. */
export function keepLanguage({ query }: Pick<Request, 'query'>, response: Response, secure: boolean): void {
  const chosen = findLanguage(query['lang']);
  if (chosen !== undefined) response.append('Set-Cookie', languageCookie(chosen, secure));
}

/** Keeps the choice for the next page. It is a preference, without any right. */
export function languageCookie(language: Language, secure: boolean): string {
  return stringifySetCookie({
    name: NAME,
    value: language,
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure,
    maxAge: YEAR_SECONDS,
  });
}

export function findLanguage(value: unknown): Language | undefined {
  return languages.find((language) => language === value);
}

/** @see RFC 9110 §12.5.4 */
function preferred(acceptLanguage = ''): Language {
  const ranges = acceptLanguage
    .split(',')
    .map((part) => {
      const [range = '', ...parameters] = part
        .trim()
        .toLowerCase()
        .split(/\s*;\s*/);
      const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
      return { language: findLanguage(range.split('-')[0]), quality: quality === undefined ? 1 : Number(quality) };
    })
    .filter(({ quality }) => quality > 0)
    .toSorted((a, b) => b.quality - a.quality);
  return ranges.find(({ language }) => language !== undefined)?.language ?? 'sv';
}
