import './node-version.js';

await import('../build/sandbox/proof.js');
