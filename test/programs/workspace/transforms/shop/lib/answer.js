exports.answer = ({ recordId, data }, more) => {
  const document = { ...JSON.parse(Buffer.from(data, "base64").toString()), ...more };
  return { recordId, result: "Ok", data: Buffer.from(`${JSON.stringify(document)}\n`).toString("base64") };
};
