"use strict";
// Starts `ruleeval lsp` and leaves everything else to it.
const vscode = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

let client;

exports.activate = async function activate() {
  const [command, ...args] = vscode.workspace.getConfiguration("ruleeval").get("command");
  const server = { command, args };
  const documentSelector = [{ language: "ruleeval" }, { scheme: "file", pattern: "**/{units,cases}/*.{json,yaml,yml,csv}" }];
  client = new LanguageClient("ruleeval", "ruleeval", server, { documentSelector });
  await client.start();
};

exports.deactivate = function deactivate() {
  return client?.stop();
};
