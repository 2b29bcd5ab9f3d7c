import { settingGroups, type Setting } from '../../config/settings.ts';

/** A setting as the operator reads it. */
interface Row {
  readonly name: string;
  readonly what: string;
  readonly form: string;
  readonly ifNotSet: string;
}

export interface SettingsOptions {
  readonly json?: true;
  readonly markdown?: true;
}

/** Every environment variable that the service and its commands read, from the table that they read them by. */
export function printSettings({ json, markdown }: SettingsOptions): void {
  if (json) {
    process.stdout.write(`${JSON.stringify(settingGroups, null, 2)}\n`);
    return;
  }
  const print = markdown ? markdownOf : textOf;
  const groups = Object.entries(settingGroups).map(([title, group]) =>
    print(title, Object.entries<Setting>(group).map(rowOf)),
  );
  process.stdout.write(`${groups.join('\n\n')}\n`);
}

function markdownOf(title: string, rows: readonly Row[]): string {
  const lines = rows.map(({ name, what, form, ifNotSet }) => `| \`${name}\` | ${what} | ${form} | ${ifNotSet} |`);
  return [`### ${title}`, '', '| setting | what | form | if not set |', '|---|---|---|---|', ...lines].join('\n');
}

function textOf(title: string, rows: readonly Row[]): string {
  const texts = rows.map(({ name, what, form, ifNotSet }) =>
    [name, `    ${what}`, `    form: ${form}`, `    if not set: ${ifNotSet}`].join('\n').replaceAll('`', ''),
  );
  return [title.toUpperCase(), ...texts].join('\n\n');
}

function rowOf([name, setting]: [string, Setting]): Row {
  return { name, what: setting.what, form: formOf(name, setting), ifNotSet: absenceOf(setting) };
}

function formOf(name: string, { form, secret, environments }: Setting): string {
  return [
    describeForm(form),
    ...(secret ? [`secret, also in the file that \`${name}_FILE\` names`] : []),
    ...(environments ? [`in the environment ${environments.join(', ')} only`] : []),
  ].join('; ');
}

function describeForm(form: Setting['form']): string {
  switch (form.kind) {
    case 'port':
      return 'a port';
    case 'number':
      return `a whole number from ${form.min} to ${form.max}`;
    case 'word':
      return form.words.map((word) => `\`${word}\``).join(', ');
    case 'file':
      return `path of a file: ${form.of}${form.closed ? '; readable by the service alone' : ''}`;
    case 'text':
      return form.of;
  }
}

function absenceOf({ default: value, required, otherwise }: Setting): string {
  if (value !== undefined) return `\`${value}\``;
  if (required === true) return 'required';
  const needed = required === undefined ? [] : [`required ${required}`];
  return [...needed, ...(otherwise === undefined ? [] : [otherwise])].join('; otherwise ');
}
