/** `from` is inclusive, `to` exclusive. */
export interface Period {
  readonly from: Date;
  readonly to: Date;
}
