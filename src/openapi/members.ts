import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiSchema, type ApiPropertyOptions } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { isOfLength, type Length } from '../payment/limits.ts';
import {
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsString,
  Matches,
  ValidateBy,
  ValidateIf,
  ValidateNested,
} from 'class-validator';

/** What the description says about a member besides its type. */
interface Facts {
  readonly description?: string;
  /** It may be missing, but not null. */
  readonly optional?: true;
  readonly nullable?: true;
}

interface TextFacts extends Facts {
  /** In Unicode code points, as in JSON Schema. */
  readonly length?: Length;
  readonly pattern?: RegExp;
  readonly format?: 'uuid' | 'date-time' | 'uri';
  readonly contentMediaType?: string;
  readonly contentSchema?: object;
}

type Class = () => new () => object;

/**
 * Describes a class as a JSON object with its members and no others. The schema has the name of the class without its suffix.
 * @param keywords of JSON Schema 2020-12, for rules that concern several members
 */
export function Message(keywords: Readonly<Record<string, unknown>> = {}): ClassDecorator {
  return (target) => {
    const schema = { name: target.name.replace(/Dto$/, ''), additionalProperties: false, ...keywords };
    ApiSchema(schema)(target);
  };
}

/** For conditions in {@link Message}: an object with these members, and possibly others. */
export function partly(
  properties: Readonly<Record<string, unknown>>,
  required: readonly string[] = Object.keys(properties),
): Readonly<Record<string, unknown>> {
  return { properties, required, additionalProperties: true };
}

/** A text. The schema and the check have the same limits. */
export function TextMember({ length, pattern, ...facts }: TextFacts = {}): PropertyDecorator {
  const limits = {
    ...(length && { minLength: length.min, maxLength: length.max }),
    ...(pattern && { pattern: pattern.source }),
  };
  const checks = [IsString(), ...(length ? [HasLength(length)] : []), ...(pattern ? [Matches(pattern)] : [])];
  return member({ type: 'string', ...limits }, facts, checks);
}

export const UuidMember = (facts: Facts = {}): PropertyDecorator => TextMember({ ...facts, format: 'uuid' });
export const InstantMember = (facts: Facts = {}): PropertyDecorator => TextMember({ ...facts, format: 'date-time' });

/** One of these words. */
export function WordMember(words: readonly string[], facts: Facts = {}): PropertyDecorator {
  return member({ type: 'string', enum: [...words] }, facts, [IsIn(words)]);
}

export function IntegerMember(facts: Facts = {}): PropertyDecorator {
  return member({ type: 'integer' }, facts, [IsInt()]);
}

/** @param only the only possible value, if there is just one */
export function BooleanMember(facts: Facts = {}, only?: boolean): PropertyDecorator {
  return member({ type: 'boolean', ...(only !== undefined && { enum: [only] }) }, facts, [IsBoolean()]);
}

/** An object of this class. */
export function ObjectMember(type: Class, facts: Facts = {}): PropertyDecorator {
  return member({ type: () => type() }, facts, [IsObject(), ValidateNested(), Type(type)]);
}

/** An object whose members another specification defines. */
export function OpenMember(facts: Facts = {}): PropertyDecorator {
  return member({ type: 'object', additionalProperties: true }, facts, [IsObject()]);
}

/** Objects of this class. */
export function ListMember(type: Class, facts: Facts = {}): PropertyDecorator {
  return member({ type: () => type(), isArray: true }, facts, [IsArray(), ValidateNested({ each: true }), Type(type)]);
}

/** Texts, or some of these words. */
export function TextsMember(facts: Facts = {}, words?: readonly string[]): PropertyDecorator {
  const items = words ? { enum: [...words] } : { type: String };
  return member({ ...items, isArray: true }, facts, [
    IsArray(),
    words ? IsIn(words, { each: true }) : IsString({ each: true }),
  ]);
}

function member(
  schema: ApiPropertyOptions,
  { optional, nullable, ...said }: Facts,
  checks: readonly PropertyDecorator[],
): PropertyDecorator {
  const isMissing = (value: unknown): boolean =>
    (optional === true && value === undefined) || (nullable === true && value === null);
  return applyDecorators(
    ApiProperty({
      ...schema,
      ...said,
      required: optional !== true,
      ...(nullable && { nullable }),
    } as ApiPropertyOptions),
    ...(optional || nullable ? [ValidateIf((_, value) => !isMissing(value))] : []),
    ...checks,
  );
}

/** The library's own `Length` does not count all code points. */
function HasLength(length: Length): PropertyDecorator {
  const validate = (value: unknown): boolean => typeof value === 'string' && isOfLength(value, length);
  return ValidateBy({ name: 'hasLength', validator: { validate } });
}
