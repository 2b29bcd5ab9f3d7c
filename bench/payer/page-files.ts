import { request } from 'undici';
import { untilAdmitted } from '../chain/until-admitted.ts';

const LINKED = /<(?:link|script|img)\b[^>]*?\s(?:href|src)="([^"]+)"/g;
const IN_STYLE = /url\("([^"]+)"\)/g;

/** Loads what a page and its style sheet name, each file once, as a browser does whose cache is empty; returns the bytes of all. */
export async function loadFiles(page: URL, body: string): Promise<number> {
  const loaded = new Set<string>();
  const load = async (from: URL, text: string, names: RegExp): Promise<number> => {
    let bytes = 0;
    for (const [, name = ''] of text.matchAll(names)) {
      const url = new URL(name, from);
      if (loaded.has(url.href)) continue;
      loaded.add(url.href);
      const answer = await untilAdmitted(() => request(url));
      const file = await answer.body.text();
      if (answer.statusCode !== 200) throw new Error(`${url.pathname} was answered ${answer.statusCode}`);
      bytes += Buffer.byteLength(file);
      if (url.pathname.endsWith('.css')) bytes += await load(url, file, IN_STYLE);
    }
    return bytes;
  };
  return load(page, body, LINKED);
}
