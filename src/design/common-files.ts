import { Assets, seal, stylesheet } from './assets.ts';
import type { PageFiles } from './document.ts';

/** What pages load that need no more than the shared rules. */
export const commonAssets = new Assets('/assets', { 'page.css': stylesheet(), 'seal.svg': seal });

/** Their paths. */
export const commonFiles: PageFiles = {
  stylesheets: [commonAssets.path('page.css')],
  seal: commonAssets.path('seal.svg'),
};
