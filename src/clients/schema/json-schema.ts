/** A JSON Schema (draft 2020-12), or the part of one. */
export type JsonSchema = boolean | SchemaObject;

export interface SchemaObject {
  readonly [keyword: string]: unknown;
}

/** An object with these members and no others. */
export function closed(properties: Readonly<Record<string, JsonSchema>>, rest: object = {}): SchemaObject {
  return { type: 'object', properties, additionalProperties: false, ...rest };
}

export function text(pattern: RegExp, rest: object = {}): SchemaObject {
  return { type: 'string', pattern: pattern.source, ...rest };
}

/** An array of at least one of the words, each once. */
export function someOf(words: readonly string[]): SchemaObject {
  return { type: 'array', items: { enum: words }, minItems: 1, uniqueItems: true };
}

export function whole({ min, max }: { readonly min: number; readonly max: number }, rest: object = {}): SchemaObject {
  return { type: 'integer', minimum: min, maximum: max, ...rest };
}

/** Whether an object has a member of this value. */
export function has(member: string, value: JsonSchema = true): SchemaObject {
  return { type: 'object', required: [member], properties: { [member]: value } };
}

/** These members are absent. */
export function without(...names: readonly string[]): SchemaObject {
  return { properties: Object.fromEntries(names.map((name) => [name, false])) };
}
