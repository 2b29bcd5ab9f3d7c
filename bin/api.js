// Writes the description of the API, without starting the service: `node bin/api.js FILE [ISSUER]`.
import './node-version.js';
import './build.js';

await import('../build/sandbox/api.js');
