import './node-version.js';
import { existsSync } from 'node:fs';

if (!existsSync(new URL('../build/sandbox/sql.js', import.meta.url))) await import('./build.js');
await import('../build/sandbox/sql.js');
