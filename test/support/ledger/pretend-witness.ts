import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as textOf } from 'node:stream/consumers';
import { parseCheckpoint, type Checkpoint } from '../../../src/crypto/tlog/checkpoint.ts';
import { emptyRoot, isConsistent } from '../../../src/crypto/tlog/merkle.ts';
import { UnverifiedNote, cosignedText, formatSignature, openNote } from '../../../src/crypto/tlog/note.ts';
import { verifierKey, type VerifierKey } from '../../../src/crypto/tlog/verifier-key.ts';

/** What a test lets it answer instead. */
export type Answer = (response: ServerResponse) => void;

/** A witness that speaks add-checkpoint of C2SP tlog-witness, with its state in memory. */
export class PretendWitness {
  readonly key: VerifierKey;
  /** The sizes from which heads were submitted. */
  readonly submittedFrom: number[] = [];
  readonly #privateKey: KeyObject;
  readonly #logs = new Map<string, { readonly keys: readonly VerifierKey[]; seen: Checkpoint }>();
  readonly #server: Server;
  #answer: Answer | undefined;

  constructor(name = 'witness.example/w1') {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    this.key = verifierKey(name, publicKey, 'cosignature');
    this.#privateKey = privateKey;
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  knows(...keys: readonly VerifierKey[]): void {
    for (const key of keys)
      this.#logs.set(key.name, { keys: [key], seen: { origin: key.name, size: 0, root: emptyRoot } });
  }

  hasSeen(origin: string): number {
    return this.#logs.get(origin)?.seen.size ?? 0;
  }

  /** From now on it answers so; without an argument, as it should. */
  answers(answer?: Answer): void {
    this.#answer = answer;
  }

  /** The line of its signature over a checkpoint's text. */
  cosign(text: string, time = 1_800_000_000): string {
    const octets = Buffer.alloc(8);
    octets.writeBigUInt64BE(BigInt(time));
    const signature = sign(null, Buffer.from(cosignedText(time, text)), this.#privateKey);
    return formatSignature({ ...this.key, octets: Buffer.concat([octets, signature]) });
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await textOf(request);
    if (this.#answer) {
      this.#answer(response);
      return;
    }
    const isCall = request.method === 'POST' && request.url === '/add-checkpoint';
    const { status, answer } = isCall ? this.#add(body) : { status: 404, answer: '' };
    response.writeHead(status, status === 409 ? { 'content-type': 'text/x.tlog.size' } : {}).end(answer);
  }

  #add(body: string): { readonly status: number; readonly answer: string } {
    const blank = body.indexOf('\n\n');
    const [old = '', ...hashes] = body.slice(0, blank).split('\n');
    const size = Number(/^old (0|[1-9]\d*)$/.exec(old)?.[1] ?? NaN);
    const note = body.slice(blank + 2);
    const log = this.#logs.get(note.split('\n')[0] ?? '');
    if (!log) return { status: 404, answer: '' };
    this.submittedFrom.push(size);
    try {
      const { text } = openNote(Buffer.from(note), log.keys);
      const head = parseCheckpoint(text);
      if (!(size <= head.size)) return { status: 400, answer: '' };
      if (size !== log.seen.size) return { status: 409, answer: `${log.seen.size}\n` };
      if (size === head.size && !head.root.equals(log.seen.root)) return { status: 409, answer: `${size}\n` };
      const proof = hashes.map((hash) => Buffer.from(hash, 'base64'));
      if (!isConsistent({ older: log.seen, newer: head, proof })) return { status: 422, answer: '' };
      log.seen = head;
      return { status: 200, answer: this.cosign(text) };
    } catch (error) {
      return { status: error instanceof UnverifiedNote ? 403 : 400, answer: '' };
    }
  }
}
