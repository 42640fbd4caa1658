/** What the two fields of a pair are called, one for the name and one for the value. */
export function createPairNames() {
  const { create } = Object;
  const spelled = (list: string): Record<string, true> => {
    const known: Record<string, true> = create(null);
    for (const name of list.split(" ")) {
      known[name] = true;
      known[name.toUpperCase()] = true;
      known[name.charAt(0).toUpperCase() + name.slice(1)] = true;
    }
    return known;
  };
  const names = spelled(
    "name key k n header headerName header_name field fieldName field_name param parameter parameterName " +
      "attribute variable property option setting id label parameterKey optionName attributeName variableName",
  );
  const values = spelled(
    "value values v val content stringValue string_value rawValue raw_value parameterValue optionValue attributeValue",
  );
  return { names, values };
}
