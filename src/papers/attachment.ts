/** A file inside a paper, which readers offer to save. */
export interface PaperAttachment {
  /** Ours: it stands where nothing is escaped. */
  readonly name: string;
  /** Its media type. */
  readonly type: string;
  readonly bytes: Uint8Array;
}
