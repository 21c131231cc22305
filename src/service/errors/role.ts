/** Of roles. */
export interface RoleErrors {
  NoSuchRole: { readonly roleName: string }
  RoleExists: { readonly roleName: string }
  TooManyRoles: { readonly count: number }
}
