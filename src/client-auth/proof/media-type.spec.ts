import { isMediaType } from './media-type.ts';

const types = ['jwt', 'oauth-authz-req+jwt'];

describe('the type of a JWT', () => {
  it.each([
    'JWT',
    'jwt',
    'application/jwt',
    'OautH-auThZ-REQ+jWt',
    'application/oauth-authz-req+jwt',
    'APPLICATION/JWT',
  ])('is a media type in any letter case, with or without application/: %s', (typ) =>
    expect(isMediaType(typ, types)).toBe(true),
  );

  it.each([
    'dpop+jwt',
    'application/',
    'application/application/jwt',
    'text/jwt',
    ' jwt',
    'jwt;a=b',
    '',
    undefined,
    null,
    1,
    ['jwt'],
  ])('is another where it is not: %j', (typ) => expect(isMediaType(typ, types)).toBe(false));
});
