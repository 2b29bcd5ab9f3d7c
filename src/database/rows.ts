import { isJsonObject, type JsonObject } from '../kernel/json.ts';

/** One row as the driver gives it: column → unknown. The readers below turn a column into what the caller expects or throw. */
export type Row = Readonly<Record<string, unknown>>;

export function text(row: Row, column: string): string {
  const value = row[column];
  return typeof value === 'string' ? value : fail(column, 'text');
}

export function optionalText(row: Row, column: string): string | undefined {
  return row[column] === null ? undefined : text(row, column);
}

export function bytes(row: Row, column: string): Buffer {
  const value = row[column];
  return Buffer.isBuffer(value) ? value : fail(column, 'bytea');
}

export function optionalBytes(row: Row, column: string): Buffer | undefined {
  return row[column] === null ? undefined : bytes(row, column);
}

export function instant(row: Row, column: string): Date {
  const value = row[column];
  return value instanceof Date ? value : fail(column, 'timestamptz');
}

export function optionalInstant(row: Row, column: string): Date | undefined {
  return row[column] === null ? undefined : instant(row, column);
}

export function bool(row: Row, column: string): boolean {
  const value = row[column];
  return typeof value === 'boolean' ? value : fail(column, 'boolean');
}

/** An `integer`, or a `bigint` (which the driver gives as text) within the safe range. */
export function int(row: Row, column: string): number {
  const value = row[column];
  const number = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value;
  return Number.isSafeInteger(number) ? (number as number) : fail(column, 'integer');
}

export function jsonObject(row: Row, column: string): JsonObject {
  const value = row[column];
  return isJsonObject(value) ? value : fail(column, 'json object');
}

export function texts(row: Row, column: string): readonly string[] {
  return list(row, column).map((value) => text({ [column]: value }, column));
}

export function byteStrings(row: Row, column: string): readonly Buffer[] {
  return list(row, column).map((value) => bytes({ [column]: value }, column));
}

function list(row: Row, column: string): readonly unknown[] {
  const value = row[column];
  return Array.isArray(value) ? value : fail(column, 'array');
}

function fail(column: string, expected: string): never {
  throw new TypeError(`the column ${column} holds no value of type ${expected}`);
}
