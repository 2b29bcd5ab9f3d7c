import { AMOUNT } from '../../../src/payment/money.ts';
import { PERSONAL_NUMBER } from '../../../src/kernel/personal-number.ts';
import {
  BANKGIRO,
  BANKGIRO_OF_TODAY,
  BBAN,
  IBAN,
  RF_REFERENCE,
  PAYMENT_REFERENCE,
  PLUSGIRO,
  SHA256_BASE64URL,
} from '../../../src/payment/limits.ts';
import { ATTESTATION } from '../../../src/payment/creditor-name-verification.ts';
import { PERMITTED_TEXT } from '../../../src/payment/permitted-text.ts';
import {
  CODE_VERIFIER,
  LOGIN_HINT,
  MACHINE_SCOPE,
  MAX_AGE,
  PROMPT,
  PUSHED_SCOPE,
  SHA256,
  SOME_TEXT,
  STATE,
} from '../../../src/token/oauth/patterns.ts';

/** A value that lies just inside or just outside a schema, and what is done to a right one to make it. */
export interface Edge {
  readonly name: string;
  readonly value: unknown;
}

export interface EdgeSchema {
  readonly $ref?: string;
  readonly allOf?: readonly EdgeSchema[];
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, EdgeSchema>>;
  readonly items?: EdgeSchema;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly then?: EdgeSchema;
  readonly else?: EdgeSchema;
}

/** The other side of each pattern, and this one. Check digits are right: no schema counts them. */
const samples: ReadonlyMap<string, readonly string[]> = new Map(
  (
    [
      [
        AMOUNT,
        ['0.01', '0.1', '1', '9999999999999.99', '0', '0.00', '-1', '01', '1.', '1,5', '1.234', '10000000000000'],
      ],
      [PERSONAL_NUMBER, ['191212121212', '1912121212120', '19121212121', '171212121212', '19121212-1212', '']],
      [BANKGIRO, ['5050109', '505-0109', '5050-1055', '505016', '505010551', '50501-055', '']],
      [BANKGIRO_OF_TODAY, ['505-0109', '50501055', '0505-1057', '505010551', '']],
      [PLUSGIRO, ['18', '1-8', '1234567-4', '1', '0-0', '123456789', '1--8', '']],
      [IBAN, ['SE4550000000058398257466', 'SE45 5000 0000 0583 9825 7466', 'SE45-50000000058398257466', '', 'å']],
      [BBAN, ['8327-9, 3922422245', '8327-9,392242224x', '', '-8327']],
      [
        RF_REFERENCE,
        [
          '18',
          '1111111111111111111111114',
          '1',
          '11111111111111111111111111',
          '1a8',
          '',
          'RF18539007547034',
          'RF18 5390',
        ],
      ],
      [PAYMENT_REFERENCE, ['a', 'a b', 'a'.repeat(100), 'a'.repeat(101), '', ' a', 'a ', '  p ', 'referens å', 'a\tb']],
      [SHA256_BASE64URL, ['A'.repeat(43), 'A'.repeat(42), 'A'.repeat(44), `${'A'.repeat(42)}B`, `${'A'.repeat(42)}+`]],
      [PERMITTED_TEXT, ['a', 'Åke – 5’', '“Ș´”', ' a', 'a ', 'a  b', 'а', 'a\nb', '😀']],
      [ATTESTATION, ['a.b.c', 'a.b', 'a.b.c.d', 'a.b.=', `a.b.${'c'.repeat(2045)}`]],
      [SOME_TEXT, ['a', 'å'.repeat(100), '']],
      [STATE, ['~', 'a'.repeat(1024), 'a'.repeat(1025), 'å', 'a\nb']],
      [SHA256, ['B'.repeat(43), 'B'.repeat(42), 'B'.repeat(44), `${'B'.repeat(42)}=`]],
      [CODE_VERIFIER, ['~'.repeat(43), 'a'.repeat(128), 'a'.repeat(42), 'a'.repeat(129), `${'a'.repeat(43)}å`]],
      [
        LOGIN_HINT,
        ['personnummer:191212121212', 'personnummer:19121212121', 'Personnummer:191212121212', '191212121212'],
      ],
      [MAX_AGE, ['0', '9'.repeat(15), '9'.repeat(16), '-1', '1.5']],
      [PROMPT, ['login', 'login consent', 'none', 'login  consent', 'Login']],
      [PUSHED_SCOPE, ['openid', 'consents', 'consents openid', 'consume', 'openid  consents', ' openid']],
      [MACHINE_SCOPE, ['consents', 'consents consume', 'openid', 'consents  consume', 'consume ']],
    ] as const
  ).map(([{ source }, values]) => [source, values]),
);

/** What every body may be at its root, and may not. */
export const roots: readonly Edge[] = [[], null, 'x', 1, true, {}].map((value) => ({
  name: `the root ${JSON.stringify(value)}`,
  value,
}));

/** Walks the edges of one schema of a document. */
export class SchemaEdges {
  readonly #schemas: Readonly<Record<string, EdgeSchema>>;

  constructor(schemas: Readonly<Record<string, EdgeSchema>>) {
    this.#schemas = schemas;
  }

  /**
   * Values around the edges of a schema: each is `right` with one thing changed.
   * @throws Error for a pattern that has no samples
   */
  of(schema: EdgeSchema, right: unknown, place = ''): readonly Edge[] {
    const resolved = this.#resolve(schema);
    if (resolved.properties && isObject(right)) return this.#ofObject(resolved, right, place);
    if (typeof right !== 'string') return [];
    return stringsAround(resolved).map((value) => ({ name: `${place} ${JSON.stringify(value)}`, value }));
  }

  #ofObject(schema: EdgeSchema, right: Readonly<Record<string, unknown>>, place: string): readonly Edge[] {
    const edges: Edge[] = [{ name: `${place}/unknown`, value: { ...right, unknown: 'x' } }];
    for (const [name, plain] of Object.entries(schema.properties ?? {})) {
      const member = { ...plain, ...onCondition(schema, name) };
      const at = `${place}/${name}`;
      const others = Object.fromEntries(Object.entries(right).filter(([other]) => other !== name));
      const set = (value: unknown, what: string): Edge => ({ name: what, value: { ...others, [name]: value } });
      edges.push({ name: `${at} missing`, value: others });
      for (const value of [null, 0, [], {}]) edges.push(set(value, `${at} ${JSON.stringify(value)}`));
      const known = right[name] ?? this.#rightOf(member);
      for (const edge of this.of(member, known, at)) edges.push(set(edge.value, edge.name));
      // Where one member excludes the others, it is tried alone as well.
      if (schema.maxProperties === 1) {
        for (const edge of this.of(member, known, at))
          edges.push({ name: `alone ${edge.name}`, value: { [name]: edge.value } });
      }
    }
    return edges;
  }

  /** A value to begin with where the right one has no such member. */
  #rightOf(schema: EdgeSchema): unknown {
    const { properties, maxProperties } = this.#resolve(schema);
    if (!properties) return '';
    return maxProperties === 1 ? { bankgiro: '50501055' } : {};
  }

  #resolve(schema: EdgeSchema): EdgeSchema {
    const { $ref, allOf } = schema;
    if ($ref !== undefined) return this.#resolve(this.#schemas[$ref.split('/').at(-1) ?? ''] ?? {});
    return allOf?.[0] ? this.#resolve(allOf[0]) : schema;
  }
}

/** What a member must be beside others. */
function onCondition({ then, else: otherwise }: EdgeSchema, name: string): EdgeSchema {
  const found = [then, otherwise].flatMap((one) => (one ? [one.properties?.[name] ?? {}, onCondition(one, name)] : []));
  return Object.assign({}, ...found) as EdgeSchema;
}

function stringsAround(schema: EdgeSchema): readonly unknown[] {
  const { enum: words, pattern, format, minLength, maxLength } = schema;
  if (words) return [words[0], words.at(-1), 'none of these', ''];
  if (format === 'uri')
    return [maxLength ?? 0, (maxLength ?? 0) + 1].map((length) => 'https://tpp.example/'.padEnd(length, 'a'));
  const lengths = [minLength, maxLength].flatMap((limit) =>
    limit === undefined ? [] : [limit - 1, limit, limit + 1].map((length) => 'a'.repeat(Math.max(length, 0))),
  );
  if (pattern === undefined) return [...lengths, ...(maxLength === undefined ? [] : ['😀'.repeat(maxLength)])];
  const known = samples.get(pattern);
  if (!known) throw new Error(`no samples of the pattern ${pattern}`);
  return [...lengths, ...known];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
