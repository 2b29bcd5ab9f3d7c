import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { Clients } from '../../clients/clients.ts';
import { CONFIG, type AppConfig } from '../../config/config.ts';
import { Database } from '../../database/database.ts';
import { LedgerDirectory } from '../outside/ledger-directory.ts';
import { ledgerLog, logKinds, type LedgerLog, type LogKind } from './ledger-log.ts';
import { insertLog, selectBankOfLog, selectBanks, selectLogId } from './ledger-log.repository.ts';

/** The logs of the banks, and where each is. */
@Injectable()
export class LedgerLogs {
  /** The id of a bank's logs never changes. */
  readonly #idOfBank = new Map<string, string>();

  constructor(
    private readonly database: Database,
    private readonly directory: LedgerDirectory,
    private readonly clients: Clients,
    @Inject(CONFIG) private readonly config: Pick<AppConfig, 'issuer'>,
  ) {}

  /** The banks that are registered, and those that were and have logs: their last evidence needs a head too. */
  async banks(): Promise<readonly string[]> {
    const banks = new Set<string>(this.clients.banks().map(({ id }) => id));
    for (let page = await selectBanks(this.database, ''); page.length > 0;) {
      for (const bank of page) banks.add(bank);
      page = await selectBanks(this.database, page.at(-1) ?? '');
    }
    return [...banks];
  }

  /**
   * Both logs of a bank, which are made where it has none. Their id is kept outside first: a database that was restored from before
   * they were made gets the same one, and so finds the heads that were signed meanwhile.
   * @throws DirectoryFault where they cannot be made
   */
  async openLogs(bank: string): Promise<readonly LedgerLog[]> {
    const logId = await this.#openId(bank);
    return logKinds.map((kind) => ledgerLog(this.config.issuer, bank, kind, logId));
  }

  /** One of them. @throws DirectoryFault */
  async openLog(bank: string, kind: LogKind): Promise<LedgerLog> {
    return ledgerLog(this.config.issuer, bank, kind, await this.#openId(bank));
  }

  /** The logs that there are, one bank after the other. */
  async *known(): AsyncGenerator<LedgerLog> {
    for (const bank of await this.banks())
      for (const kind of logKinds) {
        const log = await this.findLog(bank, kind);
        if (log) yield log;
      }
  }

  /** Undefined before the first head of the bank. */
  async findLog(bank: string, kind: LogKind): Promise<LedgerLog | undefined> {
    const logId = await this.#findId(bank);
    return logId === undefined ? undefined : ledgerLog(this.config.issuer, bank, kind, logId);
  }

  /** Undefined for an id that no bank has. */
  async findBank(logId: string): Promise<string | undefined> {
    return selectBankOfLog(this.database, logId);
  }

  async #findId(bank: string): Promise<string | undefined> {
    const known = this.#idOfBank.get(bank) ?? (await selectLogId(this.database, bank));
    if (known !== undefined) this.#idOfBank.set(bank, known);
    return known;
  }

  async #openId(bank: string): Promise<string> {
    return (await this.#findId(bank)) ?? (await this.#makeId(bank));
  }

  async #makeId(bank: string): Promise<string> {
    await insertLog(this.database, bank, await this.directory.claimLog(bank, newLogId()));
    const logId = await this.#findId(bank);
    if (logId === undefined) throw new TypeError('a log was not made');
    return logId;
  }
}

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';

/** 128 random bits in base32 (RFC 4648 §6), in lower case and without padding. */
function newLogId(): string {
  const bits = [...randomBytes(16)].map((octet) => octet.toString(2).padStart(8, '0')).join('');
  return (bits.padEnd(130, '0').match(/.{5}/g) ?? []).map((five) => ALPHABET.charAt(parseInt(five, 2))).join('');
}
