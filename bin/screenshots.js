// Takes the pictures of README.md in the sandbox that is running: `npm run -s screenshots -- [FIRST_PAGE] [FOLDER]`.
import './node-version.js';
import { join } from 'node:path';

// Node reads the TypeScript of these files itself.
const { takeScreenshots } = await import('../test/support/screenshots/take-screenshots.ts');
const [firstPage = 'http://localhost:3003', folder = join(import.meta.dirname, '..', 'docs', 'images')] =
  process.argv.slice(2);
await takeScreenshots(firstPage, folder);
