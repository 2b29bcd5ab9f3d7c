import { createApp } from './app.ts';
import { ConfigError } from './config/config.ts';
import { loadConfig } from './config/load-config.ts';
import { createLogger } from './operations/logging.ts';
import { listen } from './http/listener.ts';
import { runUntilSignal } from './operations/run-until-signal.ts';
import { describeError } from './operations/describe-error.ts';
import { parseClients } from './clients/parse-clients.ts';

async function main(): Promise<void> {
  const config = loadConfig(parseClients);
  const app = await createApp({ config });
  await listen(app, config.port, config.host);
  runUntilSignal(() => app.close());
}

main().catch((error: unknown) => {
  if (error instanceof ConfigError) process.stderr.write(`${error.message}\n`);
  else createLogger('fatal').fatal({ msg: 'the service does not start', err: describeError(error) });
  process.exitCode = 78;
});
