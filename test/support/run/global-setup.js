// Runs as plain JavaScript: jest gives a global setup no ES modules through its transforms, so Node itself reads the TypeScript below.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startTestServer } from '../database/test-server.ts';

/** One PostgreSQL for the whole run. */
export default async function setUp() {
  const { server, folder, access } = await startTestServer(false);
  process.env.SIGILL_TEST_LOGS = join(folder, 'logs');
  mkdirSync(process.env.SIGILL_TEST_LOGS);
  process.env.SIGILL_TEST_POSTGRES = access;
  globalThis.sigillTestServer = { server, folder };
}
