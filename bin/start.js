import './node-version.js';

await import('../build/sandbox/start.js');
