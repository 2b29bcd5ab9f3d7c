import { listedStatements, statement } from './statement.ts';

describe('the list of all statements', () => {
  it('holds each statement under its name', () => {
    const listed = statement('spec.findOne', 'select 1 as one');
    expect(listedStatements().get('spec.findOne')).toBe(listed);
  });

  it('refuses a second statement of the same name, even with the same text', () => {
    statement('spec.findTwo', 'select 2 as two');
    expect(() => statement('spec.findTwo', 'select 2 as two')).toThrow('two statements are named spec.findTwo');
  });
});
