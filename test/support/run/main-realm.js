import { ModuleMocker } from 'jest-mock';

const symbols = () => Object.getOwnPropertySymbols(globalThis);

/** jest's environment of a suite: the worker itself instead of a V8 context, given back after the suite as it was before. */
export default class MainRealm {
  global = globalThis;
  moduleMocker = new ModuleMocker(globalThis);
  fakeTimers = null;
  fakeTimersModern = null;
  #before = { symbols: new Set(symbols()), env: { ...process.env }, exit: process.exit, console: globalThis.console };

  async setup() {}

  async teardown() {
    for (const name of Object.keys(process.env)) if (!(name in this.#before.env)) delete process.env[name];
    Object.assign(process.env, this.#before.env);
    process.exit = this.#before.exit;
    globalThis.console = this.#before.console;
    await forgetLogger();
    // jest-circus and expect keep the state of the suite under symbols.
    for (const symbol of symbols()) if (!this.#before.symbols.has(symbol)) Reflect.deleteProperty(globalThis, symbol);
  }

  exportConditions() {
    return ['node', 'node-addons'];
  }

  getVmContext() {
    return null;
  }
}

/** Nest keeps the logger of the last service of a process, nestjs-pino that of the first; its own tests begin anew by this. */
async function forgetLogger() {
  const { ConsoleLogger, Logger } = await import('@nestjs/common');
  const { resetRootLogger } = await import(new URL('rootLogger.js', import.meta.resolve('nestjs-pino')).href);
  Logger.overrideLogger(new ConsoleLogger());
  resetRootLogger();
}
