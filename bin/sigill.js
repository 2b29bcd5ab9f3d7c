#!/usr/bin/env node
import './node-version.js';
import { existsSync } from 'node:fs';

// A checkout has build/ (with sandbox and simulator); an installation has dist/ only.
const folder = existsSync(new URL('../build/src/cli.js', import.meta.url)) ? 'build' : 'dist';
await import(`../${folder}/src/cli.js`);
