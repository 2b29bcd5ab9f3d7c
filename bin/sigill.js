#!/usr/bin/env node
import './node-version.js';
import { existsSync } from 'node:fs';

// A checkout has build/ (with sandbox and simulator); an installation has dist/ only.
const has = (path) => existsSync(new URL(path, import.meta.url));
if (!has('../build/src/cli.js') && !has('../dist/src/cli.js')) await import('./build.js');
const folder = has('../build/src/cli.js') ? 'build' : 'dist';
await import(`../${folder}/src/cli.js`);
