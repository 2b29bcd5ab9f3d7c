import type { IncomingHttpHeaders } from 'node:http';
import { english } from './texts.en.ts';
import { swedish } from './texts.sv.ts';
import type { Texts } from './texts.ts';

const COOKIE = 'app-language';

/** Swedish if it was chosen, or if the browser prefers it to English; English otherwise. */
export function textsFor({ cookie, 'accept-language': accepted }: IncomingHttpHeaders): Texts {
  const chosen = new RegExp(`(?:^|; )${COOKIE}=(sv|en)(?:;|$)`).exec(cookie ?? '')?.[1];
  const preferred = /(?:^|,\s*)(sv|en)\b/i.exec(accepted ?? '')?.[1]?.toLowerCase();
  return (chosen ?? preferred) === 'sv' ? swedish : english;
}

/** The address without `lang`, and the cookie that keeps what it chose; undefined where nothing is chosen. */
export function findChoice(url: URL): { readonly location: string; readonly cookie: string } | undefined {
  const language = url.searchParams.get('lang');
  if (language !== 'sv' && language !== 'en') return undefined;
  const rest = new URL(url);
  rest.searchParams.delete('lang');
  return {
    location: `${rest.pathname.replace(/^\/+/, '/')}${rest.search}`,
    cookie: `${COOKIE}=${language}; Path=/; Max-Age=31536000; SameSite=Lax`,
  };
}
