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

/** What is said of a member beside its type. */
interface Facts {
  readonly description?: string;
  /** It may be missing; it may not be null for that. */
  readonly optional?: true;
  readonly nullable?: true;
}

interface TextFacts extends Facts {
  /** In Unicode code points, as JSON Schema counts. */
  readonly length?: Length;
  readonly pattern?: RegExp;
  readonly format?: 'uuid' | 'date-time' | 'uri';
  readonly contentMediaType?: string;
  readonly contentSchema?: object;
}

type Class = () => new () => object;

/**
 * Describes a class as the object that it is in JSON, named like the class without its ending: it has these members and no others.
 * @param keywords of JSON Schema 2020-12, for what no member can say
 */
export function Message(keywords: Readonly<Record<string, unknown>> = {}): ClassDecorator {
  return (target) => {
    const schema = { name: target.name.replace(/Dto$/, ''), additionalProperties: false, ...keywords };
    ApiSchema(schema)(target);
  };
}

/** For conditions of {@link Message}: an object of which this is known, and which may have other members. */
export function partly(
  properties: Readonly<Record<string, unknown>>,
  required: readonly string[] = Object.keys(properties),
): Readonly<Record<string, unknown>> {
  return { properties, required, additionalProperties: true };
}

/** Text. The same limits go into the schema and into the check. */
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

/** @param only the one value that there is, where there is no choice */
export function BooleanMember(facts: Facts = {}, only?: boolean): PropertyDecorator {
  return member({ type: 'boolean', ...(only !== undefined && { enum: [only] }) }, facts, [IsBoolean()]);
}

/** An object of this class. */
export function ObjectMember(type: Class, facts: Facts = {}): PropertyDecorator {
  return member({ type: () => type() }, facts, [IsObject(), ValidateNested(), Type(type)]);
}

/** An object whose members others define. */
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

/** The library's own `Length` leaves some code points out of the count. */
function HasLength(length: Length): PropertyDecorator {
  const validate = (value: unknown): boolean => typeof value === 'string' && isOfLength(value, length);
  return ValidateBy({ name: 'hasLength', validator: { validate } });
}
