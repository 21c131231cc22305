/** Of resources that buckets are opened to, of operation records, and of how Lightsail addresses both. */
export interface ResourceErrors {
  NoSuchResource: { readonly resourceName: string }
  /** What a bucket is to be opened to. */
  NoSuchInstance: { readonly resourceName: string }
  ResourceExists: { readonly resourceName: string; readonly region: string }
  InvalidResourceName: { readonly resourceName: string }
  ResourceArnMismatch: { readonly resourceName: string }
  NoSuchOperationRecord: { readonly operationId: string }
}
