/** When the errors occur that Lightsail's operations declare. */
export const errorTexts: Readonly<Record<string, string>> = {
  AccessDeniedException: 'The credentials are those of a bucket or a resource, or may not do this.',
  AccountSetupInProgressException: 'The account is still being set up. Try again later.',
  InvalidInputException:
    'A parameter has a value that it cannot have, or the state of the resource does not allow the change. The message says which.',
  NotFoundException: 'What was named does not exist in the region that was called.',
  OperationFailureException: 'The change could not be carried out.',
  RegionSetupInProgressException: 'The region is still being set up for the account. Try again later.',
  ServiceException: 'The service failed. Try again; the change may or may not have been made.',
  UnauthenticatedException: 'The request has no valid credentials.',
}
