import { messageOf, render, type Message, type PlainId, type Texts } from '../verification/messages.ts';

interface File {
  readonly file: string;
}

/** Messages about files that cannot be read, or are not evidence. */
export interface FileMessages {
  /** `reason` is the system's code: ENOENT, EACCES … */
  'file.unreadable': File & { readonly reason: string };
  'file.empty': undefined;
  'file.link': undefined;
  'file.link-inside': File;
  'file.no-signature': undefined;
  'file.not-regular': undefined;
  'file.not-regular-inside': File;
  'directory.no-evidence': undefined;
  'directory.left-alone': { readonly files: readonly string[]; readonly count: number };
  'zip.no-folders': undefined;
  'zip.no-zip': undefined;
  'zip.cut-off': undefined;
  'zip.unsafe': undefined;
  'zip.too-many': undefined;
  'zip.name-twice': undefined;
  'zip.foreign-name': undefined;
  'zip.encrypted': undefined;
  'zip.compression': undefined;
  'zip.link': undefined;
  'zip.member-too-large': undefined;
  'zip.too-large-together': undefined;
  'zip.member-cut-off': undefined;
  'zip.member-larger': undefined;
  'zip.member-size': undefined;
  'zip.member-packed': undefined;
  'zip.member-checksum': undefined;
  'zip.special': undefined;
  'zip.flags': undefined;
  'zip.extra-field': undefined;
  'zip.hidden-bytes': undefined;
  'zip.headers-differ': undefined;
}

export type FileMessage = Message<FileMessages>;
export type FileReason = PlainId<FileMessages> | FileMessage;

/** A refusal with its reason as data; its `message` is the same in English. */
export abstract class FileError extends Error {
  readonly reason: FileMessage;

  constructor(reason: FileReason) {
    const message = messageOf<FileMessages>(reason);
    super(render(englishFiles, message));
    this.reason = message;
  }
}

/** The meaning of the system's codes in one language. */
export type Reasons = Readonly<Record<'ENOENT' | 'EACCES' | 'EPERM' | 'EISDIR' | 'EIO' | 'unreadable', string>>;

/** The meaning with its code; for an unknown code, only the code. */
export function explainReason(reason: string, reasons: Reasons): string {
  const known = Object.entries(reasons).find(([code]) => code === reason);
  if (!known) return reason;
  return reason === 'unreadable' ? known[1] : `${known[1]} (${reason})`;
}

const englishReasons: Reasons = {
  ENOENT: 'no such file or directory',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'a directory',
  EIO: 'the disk does not answer',
  unreadable: 'unreadable',
};

export const englishFiles: Texts<FileMessages> = {
  'file.unreadable': ({ file, reason }) => `cannot read ${file}: ${explainReason(reason, englishReasons)}`,
  'file.empty': 'is empty',
  'file.link': 'is a symbolic link',
  'file.link-inside': ({ file }) => `${file} is a symbolic link`,
  'file.no-signature':
    'is not evidence: neither a signature (XML, or base64 of XML) nor a ZIP nor the JSON of GET /evidence/{id}',
  'file.not-regular': 'is not a regular file but a pipe, a socket or a device',
  'file.not-regular-inside': ({ file }) => `${file} is not a regular file but a pipe, a socket or a device`,
  'directory.no-evidence': 'holds neither evidence folders nor signatures (*.b64, *.xml)',
  'directory.left-alone': ({ files, count }) => `not evidence, and left alone: ${listOf(files, count)}`,
  'zip.no-folders': 'a ZIP without evidence folders',
  'zip.no-zip': 'not a ZIP',
  'zip.cut-off': 'a ZIP without its end: was it cut off?',
  'zip.unsafe': 'not a ZIP that can be read safely',
  'zip.too-many': 'too many members',
  'zip.name-twice': 'two members with the same name',
  'zip.foreign-name': 'a member name that Sigill does not write: was it repacked?',
  'zip.encrypted': 'an encrypted member',
  'zip.compression': 'an unknown compression',
  'zip.link': 'a symbolic link',
  'zip.member-too-large': 'a member that is too large',
  'zip.too-large-together': 'members that are too large together',
  'zip.member-cut-off': 'a member that is cut off',
  'zip.member-larger': 'a member that is larger than it says',
  'zip.member-size': 'a member that is not of the size it says',
  'zip.member-packed': 'a member that cannot be unpacked',
  'zip.member-checksum': 'a member that is not what its checksum says',
  'zip.special': 'a member that is not a regular file',
  'zip.flags': 'a member whose end another reader would not find',
  'zip.extra-field': 'a field beside a member that another reader could act upon',
  'zip.hidden-bytes': 'bytes that belong to no member',
  'zip.headers-differ': 'local headers that differ from the directory',
};

/** The first of `count` names. */
export function listOf(files: readonly string[], count: number): string {
  return `${files.join(', ')}${count > files.length ? `, … (${count})` : ''}`;
}

/** Contradictions between the parts of an export: folders, index, manifest, seal. */
export type ArchiveWarningId =
  | 'manifest.seal-missing'
  | 'manifest.seal-invalid'
  | 'manifest.missing-or-malformed'
  | 'manifest.count-differs'
  | 'manifest.sums-differ'
  | 'manifest.environment-differs'
  | 'manifest.file-missing'
  | 'manifest.file-not-listed'
  | 'manifest.file-changed'
  | 'manifest.ledger-malformed'
  | 'manifest.ledger-differs'
  | 'folders.missing'
  | 'folders.malformed'
  | 'index.missing'
  | 'index.malformed'
  | 'index.row-missing'
  | 'index.row-twice'
  | 'index.row-unknown'
  | 'index.row-differs'
  | 'index.sheet-missing'
  | 'index.sheet-differs'
  | 'folder.name-differs'
  | 'folder.consent-twice'
  | 'folder.without-evidence'
  | 'folder.evidence-unexpected'
  | 'lines.malformed'
  | 'lines.unknown'
  | 'lines.twice'
  | 'lines.misplaced'
  | 'lines.missing'
  | 'lines.unexpected'
  | 'ledger.missing'
  | 'ledger.malformed'
  | 'ledger.unexpected'
  | 'ledger.number-missing'
  | 'ledger.number-twice'
  | 'ledger.number-outside'
  | 'ledger.folder-missing'
  | 'ledger.folder-twice'
  | 'ledger.folder-unlisted'
  | 'ledger.digest-differs'
  | 'ledger.reason-differs'
  | 'ledger.root-differs'
  | 'audit.chain-broken'
  | 'archive.foreign-file'
  | 'archive.file-refused';

/** A warning about an export as a whole, or about one file of it. */
export interface ArchiveWarning {
  readonly id: ArchiveWarningId;
  readonly file?: string;
}

/** Its form in JSON documents: the id, and the file after a colon. */
export function formatArchiveWarning({ id, file }: ArchiveWarning): string {
  return file === undefined ? id : `${id}: ${file}`;
}
