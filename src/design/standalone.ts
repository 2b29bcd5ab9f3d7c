import { hash } from 'node:crypto';
import { html } from '../kernel/web/html.ts';
import { seal } from './assets.ts';
import { pageDocument, type DocumentParts } from './document.ts';

const mark = `data:image/svg+xml;base64,${Buffer.from(seal, 'utf8').toString('base64')}`;

/**
 * A page as one file: its style and its mark are in it. It loads nothing and runs nothing, which its policy says to the browser too.
 * @param css from files of ours, as {@link stylesheet} reads them
 */
export function standaloneDocument(parts: Omit<DocumentParts, 'files' | 'head'>, css: string): string {
  const policy = `default-src 'none'; style-src 'sha256-${hash('sha256', css, 'base64')}'; img-src data:`;
  const head = html`<meta http-equiv="Content-Security-Policy" content="${policy}" />`;
  const page = pageDocument({ ...parts, files: { stylesheets: [], seal: mark }, head });
  // Nothing foreign stands before the end of the head but the title, which is escaped.
  return String(page).replace('</head>', () => `<style>${css}</style></head>`);
}
