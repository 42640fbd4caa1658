exports.change = ({ recordId, data }, more) => {
  const document = { ...JSON.parse(Buffer.from(data, "base64")), ...more };
  return { recordId, result: "Ok", data: Buffer.from(JSON.stringify(document)).toString("base64") };
};
