<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE" sourcelanguage="en_US">
  <context>
    <name>DICOMWebNodes</name>
    <message>
      <source>DICOMWeb Nodes</source>
      <translation>DICOMWeb Nodes</translation>
    </message>
    <message>
      <source>Keeps DICOMweb servers as named nodes, signs in, searches, and brings studies into the DICOM database and the scene; sends series back. Nothing is sent anywhere unless you ask for it.</source>
      <translation>Führt DICOMweb-Server als benannte Knoten, meldet an, sucht, bringt Studien in die DICOM-Datenbank und in die Szene und sendet Serien zurück. Nichts wird irgendwohin gesendet, ohne dass Sie es verlangen.</translation>
    </message>
    <message>
      <source>It stands on requests, pydicom and oauthlib, and on Slicer's DICOM database, which is CTK's.</source>
      <translation>Sie steht auf requests, pydicom und oauthlib und auf Slicers DICOM-Datenbank, die von CTK ist.</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.application</name>
    <message>
      <source>Search and retrieve from DICOMweb servers, with sign-in, in the module DICOMWeb Nodes.</source>
      <translation>Suchen und Abrufen auf DICOMweb-Servern, mit Anmeldung, im Modul DICOMWeb Nodes.</translation>
    </message>
    <message>
      <source>DICOM&amp;web nodes...</source>
      <translation>DICOM&amp;web-Knoten...</translation>
    </message>
    <message>
      <source>DICOMWeb Nodes</source>
      <translation>DICOMWeb Nodes</translation>
    </message>
    <message>
      <source>Import from DICOM&amp;web nodes...</source>
      <translation>Von DICOM&amp;web-Knoten importieren...</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.authentication_editor</name>
    <message>
      <source>The provider's address is plain http: everybody on the way can read passwords and tokens that are sent to it. That is for tests on a network of your own.</source>
      <translation>Die Adresse des Anbieters ist unverschlüsseltes http: Jeder auf dem Weg kann Kennwörter und Token lesen, die dorthin gesendet werden. Das ist für Versuche im eigenen Netz.</translation>
    </message>
    <message>
      <source>Add an authentication method</source>
      <translation>Authentifizierung hinzufügen</translation>
    </message>
    <message>
      <source>a person, in the browser</source>
      <translation>eine Person, im Browser</translation>
    </message>
    <message>
      <source>a person, in a browser elsewhere</source>
      <translation>eine Person, in einem Browser anderswo</translation>
    </message>
    <message>
      <source>this program itself</source>
      <translation>dieses Programm selbst</translation>
    </message>
    <message>
      <source>there is none (public client)</source>
      <translation>es gibt keines (öffentlicher Client)</translation>
    </message>
    <message>
      <source>in the header (client_secret_basic)</source>
      <translation>im Kopf (client_secret_basic)</translation>
    </message>
    <message>
      <source>in the body (client_secret_post)</source>
      <translation>im Rumpf (client_secret_post)</translation>
    </message>
    <message>
      <source>Plain http</source>
      <translation>Unverschlüsseltes http</translation>
    </message>
    <message>
      <source>Allow plain http</source>
      <translation>Unverschlüsseltes http erlauben</translation>
    </message>
    <message>
      <source>kept as it is</source>
      <translation>bleibt, wie es ist</translation>
    </message>
    <message>
      <source>Edit {name}</source>
      <translation>{name} bearbeiten</translation>
    </message>
    <message>
      <source>Asking {issuer} for its endpoints...</source>
      <translation>{issuer} wird nach seinen Endpunkten gefragt...</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.authentication_manager</name>
    <message>
      <source>This computer has no keyring. Passwords and tokens can be kept in a file that only you can read; whoever gets hold of your disk or your backups can read them there.</source>
      <translation>Dieser Rechner hat keinen Schlüsselbund. Kennwörter und Token können in einer Datei liegen, die nur Sie lesen können; wer Ihre Platte oder Ihre Sicherungen in die Hand bekommt, kann sie dort lesen.</translation>
    </message>
    <message>
      <source>sign-in (OAuth 2.0)</source>
      <translation>Anmeldung (OAuth 2.0)</translation>
    </message>
    <message>
      <source>password</source>
      <translation>Kennwort</translation>
    </message>
    <message>
      <source>token</source>
      <translation>Token</translation>
    </message>
    <message>
      <source>key</source>
      <translation>Schlüssel</translation>
    </message>
    <message>
      <source>AWS</source>
      <translation>AWS</translation>
    </message>
    <message>
      <source>Google</source>
      <translation>Google</translation>
    </message>
    <message>
      <source>Keep secrets in a file</source>
      <translation>Geheimnisse in einer Datei ablegen</translation>
    </message>
    <message>
      <source>Keep them in a file</source>
      <translation>In einer Datei ablegen</translation>
    </message>
    <message>
      <source>Remove authentication</source>
      <translation>Authentifizierung entfernen</translation>
    </message>
    <message>
      <source>Remove</source>
      <translation>Entfernen</translation>
    </message>
    <message>
      <source>Name</source>
      <translation>Name</translation>
    </message>
    <message>
      <source>Kind</source>
      <translation>Art</translation>
    </message>
    <message>
      <source>State</source>
      <translation>Zustand</translation>
    </message>
    <message>
      <source>Passwords and tokens are kept in {place}.</source>
      <translation>Kennwörter und Token liegen in: {place}.</translation>
    </message>
    <message>
      <source>Remove '{name}', with its secret and its sign-in?</source>
      <translation>„{name}“ mit Geheimnis und Anmeldung entfernen?</translation>
    </message>
    <message>
      <source> as {account}</source>
      <translation> als {account}</translation>
    </message>
    <message>
      <source>, for {time} more</source>
      <translation>, noch {time}</translation>
    </message>
    <message>
      <source>For: {scope}</source>
      <translation>Für: {scope}</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.database_offer</name>
    <message>
      <source>Folder for the DICOM database</source>
      <translation>Ordner für die DICOM-Datenbank</translation>
    </message>
    <message>
      <source>Open the database</source>
      <translation>Datenbank öffnen</translation>
    </message>
    <message>
      <source>Choose a folder...</source>
      <translation>Ordner wählen...</translation>
    </message>
    <message>
      <source>Open the DICOM module</source>
      <translation>DICOM-Modul öffnen</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.dates</name>
    <message>
      <source>any</source>
      <translation>beliebig</translation>
    </message>
    <message>
      <source>today</source>
      <translation>heute</translation>
    </message>
    <message>
      <source>yesterday</source>
      <translation>gestern</translation>
    </message>
    <message>
      <source>last 7 days</source>
      <translation>letzte 7 Tage</translation>
    </message>
    <message>
      <source>last 31 days</source>
      <translation>letzte 31 Tage</translation>
    </message>
    <message>
      <source>last 12 months</source>
      <translation>letzte 12 Monate</translation>
    </message>
    <message>
      <source>from ... to</source>
      <translation>von ... bis</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.error_bar</name>
    <message>
      <source>Error</source>
      <translation>Fehler</translation>
    </message>
    <message>
      <source>Node</source>
      <translation>Knoten</translation>
    </message>
    <message>
      <source>Asked</source>
      <translation>Gefragt</translation>
    </message>
    <message>
      <source>Cause</source>
      <translation>Ursache</translation>
    </message>
    <message>
      <source>Status</source>
      <translation>Status</translation>
    </message>
    <message>
      <source>Next step</source>
      <translation>Nächster Schritt</translation>
    </message>
    <message>
      <source>The server said</source>
      <translation>Der Server sagte</translation>
    </message>
    <message>
      <source>Field</source>
      <translation>Feld</translation>
    </message>
    <message>
      <source>Manual</source>
      <translation>Handbuch</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.export_file</name>
    <message>
      <source>{name}: its client secret is not in the file.</source>
      <translation>{name}: das Geheimnis des Clients ist nicht in der Datei.</translation>
    </message>
    <message>
      <source>{name}: the header {header} is not in the file, because it may be secret.</source>
      <translation>{name}: das Kopffeld {header} ist nicht in der Datei, denn es kann geheim sein.</translation>
    </message>
    <message>
      <source>{name} is not in the file: {reason}.</source>
      <translation>{name} ist nicht in der Datei: {reason}.</translation>
    </message>
    <message>
      <source>Export nodes</source>
      <translation>Knoten exportieren</translation>
    </message>
    <message>
      <source>Export nodes for Weasis</source>
      <translation>Knoten für Weasis exportieren</translation>
    </message>
    <message>
      <source>Export authentication methods for Weasis</source>
      <translation>Authentifizierungen für Weasis exportieren</translation>
    </message>
    <message>
      <source>Node files (*.json)</source>
      <translation>Knotendateien (*.json)</translation>
    </message>
    <message>
      <source>Files of Weasis, or of its newer form (*.xml *.json)</source>
      <translation>Dateien von Weasis, auch in neuerer Form (*.xml *.json)</translation>
    </message>
    <message>
      <source>{n} written to {path}.</source>
      <translation>{n} in {path} geschrieben.</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.header_table</name>
    <message>
      <source>Name</source>
      <translation>Name</translation>
    </message>
    <message>
      <source>Value</source>
      <translation>Wert</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.help_menu</name>
    <message>
      <source>Help</source>
      <translation>Hilfe</translation>
    </message>
    <message>
      <source>The manual, and a report for somebody who helps. Shift+F1 explains a single field.</source>
      <translation>Das Handbuch, und ein Bericht für jemanden, der hilft. Umschalt+F1 erklärt ein einzelnes Feld.</translation>
    </message>
    <message>
      <source>Versions, nodes without secrets and the last errors.</source>
      <translation>Versionen, Knoten ohne Geheimnisse und die letzten Fehler.</translation>
    </message>
    <message>
      <source>Copy &amp;diagnostics</source>
      <translation>&amp;Diagnose kopieren</translation>
    </message>
    <message>
      <source>Copied to the clipboard. It has no secrets; read it before you send it.</source>
      <translation>In die Zwischenablage kopiert. Geheimnisse sind nicht darin; lesen Sie es, bevor Sie es senden.</translation>
    </message>
    <message>
      <source>Open the &amp;manual</source>
      <translation>&amp;Handbuch öffnen</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.import_file</name>
    <message>
      <source>Import nodes or authentication methods</source>
      <translation>Knoten oder Authentifizierungen importieren</translation>
    </message>
    <message>
      <source>Files of this program and of Weasis (*.json *.xml)</source>
      <translation>Dateien dieses Programms und von Weasis (*.json *.xml)</translation>
    </message>
    <message>
      <source>Take the secrets in {name} too?

That is client secrets, secret headers, and which node signs in how. Take them from a file of your own only: a stranger's file could send your sign-in to a stranger's server.</source>
      <translation>Auch die Geheimnisse in {name} übernehmen?

Das sind Client-Geheimnisse, geheime Kopffelder und welcher Knoten sich wie anmeldet. Übernehmen Sie sie nur aus einer eigenen Datei: Die Datei eines Fremden könnte Ihre Anmeldung an den Server eines Fremden senden.</translation>
    </message>
    <message>
      <source>{name}: its client secret was left out; edit it to give it.</source>
      <translation>{name}: Das Client-Geheimnis wurde ausgelassen; bearbeiten Sie die Authentifizierung, um es anzugeben.</translation>
    </message>
    <message>
      <source>{name}: the value of the header {header} was left out; edit it to give it.</source>
      <translation>{name}: Der Wert des Kopffelds {header} wurde ausgelassen; bearbeiten Sie den Knoten, um ihn anzugeben.</translation>
    </message>
    <message>
      <source>{name}: how it signs in was left out; edit it to choose that.</source>
      <translation>{name}: Die Art der Anmeldung wurde ausgelassen; bearbeiten Sie den Knoten, um sie zu wählen.</translation>
    </message>
    <message>
      <source>{name}: it signs in with a method that is not here; import authenticationNodes.xml too.</source>
      <translation>{name}: Er meldet sich mit einer Authentifizierung an, die nicht da ist; importieren Sie auch authenticationNodes.xml.</translation>
    </message>
    <message>
      <source>Import from Weasis</source>
      <translation>Aus Weasis importieren</translation>
    </message>
    <message>
      <source>&amp;Without secrets</source>
      <translation>&amp;Ohne Geheimnisse</translation>
    </message>
    <message>
      <source>With &amp;secrets</source>
      <translation>&amp;Mit Geheimnissen</translation>
    </message>
    <message>
      <source>{added} added, {skipped} left out.</source>
      <translation>{added} hinzugefügt, {skipped} ausgelassen.</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.import_panel</name>
    <message>
      <source>Try again</source>
      <translation>Erneut versuchen</translation>
    </message>
    <message>
      <source>{n} instances are missing. The list of transfers says why, and can try again.</source>
      <translation>{n} Instanzen fehlen. Die Liste der Übertragungen sagt, warum, und kann es erneut versuchen.</translation>
    </message>
    <message>
      <source>The search was stopped: there may be more.</source>
      <translation>Die Suche wurde angehalten: es kann mehr geben.</translation>
    </message>
    <message>
      <source>Sign in...</source>
      <translation>Anmelden...</translation>
    </message>
    <message>
      <source>1 instance is missing. The list of transfers says why, and can try again.</source>
      <translation>1 Instanz fehlt. Die Liste der Übertragungen sagt, warum, und kann es noch einmal versuchen.</translation>
    </message>
    <message>
      <source>{node} failed: not all it has is shown.</source>
      <translation>{node} ist ausgefallen: Nicht alles, was er hat, wird gezeigt.</translation>
    </message>
    <message>
      <source>Continue the search</source>
      <translation>Suche fortsetzen</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.manifest_dialog</name>
    <message>
      <source>It brings {names} for {host}, which is sent there only and not kept.</source>
      <translation>Es bringt {names} für {host} mit; das wird nur dorthin gesendet und nicht behalten.</translation>
    </message>
    <message>
      <source>Opening...</source>
      <translation>Wird geöffnet...</translation>
    </message>
    <message>
      <source>Manifests (*.xml *.json *.gz);;All files (*)</source>
      <translation>Manifeste (*.xml *.json *.gz);;Alle Dateien (*)</translation>
    </message>
    <message>
      <source>Nothing has been fetched yet. Shall this come from {hosts}?</source>
      <translation>Noch wurde nichts geholt. Soll dies von {hosts} kommen?</translation>
    </message>
    <message>
      <source>A Weasis manifest (a file or an address), a weasis:// link, or the address of a DICOMweb study or series. What it asks for is shown before anything of it is fetched.</source>
      <translation>Ein Manifest von Weasis (eine Datei oder eine Adresse), ein weasis://-Link oder die Adresse einer DICOMweb-Studie oder -Serie. Was es verlangt, wird gezeigt, bevor etwas davon geholt wird.</translation>
    </message>
    <message>
      <source>Server</source>
      <translation>Server</translation>
    </message>
    <message>
      <source>Your node</source>
      <translation>Ihr Knoten</translation>
    </message>
    <message>
      <source>Patient, as it says</source>
      <translation>Patient, wie es sagt</translation>
    </message>
    <message>
      <source>Asks for</source>
      <translation>Verlangt</translation>
    </message>
    <message>
      <source>Service</source>
      <translation>Dienst</translation>
    </message>
    <message>
      <source>Open a manifest</source>
      <translation>Manifest öffnen</translation>
    </message>
    <message>
      <source>none</source>
      <translation>keine</translation>
    </message>
    <message>
      <source>1 study</source>
      <translation>1 Studie</translation>
    </message>
    <message>
      <source>{n} studies</source>
      <translation>{n} Studien</translation>
    </message>
    <message>
      <source>1 series</source>
      <translation>1 Serie</translation>
    </message>
    <message>
      <source>{n} series</source>
      <translation>{n} Serien</translation>
    </message>
    <message>
      <source>1 instance</source>
      <translation>1 Instanz</translation>
    </message>
    <message>
      <source>{n} instances</source>
      <translation>{n} Instanzen</translation>
    </message>
    <message>
      <source>{name} ({id})</source>
      <translation>{name} ({id})</translation>
    </message>
    <message>
      <source>everything with {what}</source>
      <translation>alles mit {what}</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.modalities</name>
    <message>
      <source>any</source>
      <translation>beliebig</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.module_panel</name>
    <message>
      <source>Import</source>
      <translation>Import</translation>
    </message>
    <message>
      <source>Transfers</source>
      <translation>Übertragungen</translation>
    </message>
    <message>
      <source>Nodes</source>
      <translation>Knoten</translation>
    </message>
    <message>
      <source>Transfers ({n})</source>
      <translation>Übertragungen ({n})</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.node_checks</name>
    <message>
      <source>✔ works</source>
      <translation>✔ funktioniert</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.node_editor</name>
    <message>
      <source>Add a node</source>
      <translation>Knoten hinzufügen</translation>
    </message>
    <message>
      <source>checking...</source>
      <translation>wird geprüft...</translation>
    </message>
    <message>
      <source>Edit {name}</source>
      <translation>{name} bearbeiten</translation>
    </message>
    <message>
      <source>Such servers usually take: {template}</source>
      <translation>Solche Server nehmen meist: {template}</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.node_fields</name>
    <message>
      <source>no node</source>
      <translation>kein Knoten</translation>
    </message>
    <message>
      <source>none</source>
      <translation>keine</translation>
    </message>
    <message>
      <source>as stored</source>
      <translation>wie gespeichert</translation>
    </message>
    <message>
      <source>{name} copy</source>
      <translation>{name} Kopie</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.node_manager</name>
    <message>
      <source>Try again</source>
      <translation>Erneut versuchen</translation>
    </message>
    <message>
      <source>Name</source>
      <translation>Name</translation>
    </message>
    <message>
      <source>Service</source>
      <translation>Dienst</translation>
    </message>
    <message>
      <source>URL</source>
      <translation>URL</translation>
    </message>
    <message>
      <source>Authentication</source>
      <translation>Authentifizierung</translation>
    </message>
    <message>
      <source>Sign-in</source>
      <translation>Anmeldung</translation>
    </message>
    <message>
      <source>Last check</source>
      <translation>Letzte Prüfung</translation>
    </message>
    <message>
      <source>Last checks</source>
      <translation>Letzte Prüfungen</translation>
    </message>
    <message>
      <source>Remove nodes</source>
      <translation>Knoten entfernen</translation>
    </message>
    <message>
      <source>Remove</source>
      <translation>Entfernen</translation>
    </message>
    <message>
      <source>missing</source>
      <translation>fehlt</translation>
    </message>
    <message>
      <source>none</source>
      <translation>keine</translation>
    </message>
    <message>
      <source>Remove these nodes? What was imported from them stays.

{names}</source>
      <translation>Diese Knoten entfernen? Was von ihnen importiert wurde, bleibt.

{names}</translation>
    </message>
    <message>
      <source>checking...</source>
      <translation>wird geprüft...</translation>
    </message>
    <message>
      <source>{name} (predefined)</source>
      <translation>{name} (vordefiniert)</translation>
    </message>
    <message>
      <source>Last check of {name}</source>
      <translation>Letzte Prüfung von {name}</translation>
    </message>
    <message>
      <source>✘ failed</source>
      <translation>✘ fehlgeschlagen</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.node_menu</name>
    <message>
      <source>&amp;Add...</source>
      <translation>&amp;Hinzufügen...</translation>
    </message>
    <message>
      <source>&amp;Edit...</source>
      <translation>&amp;Bearbeiten...</translation>
    </message>
    <message>
      <source>&amp;Test</source>
      <translation>&amp;Prüfen</translation>
    </message>
    <message>
      <source>&amp;Duplicate</source>
      <translation>&amp;Duplizieren</translation>
    </message>
    <message>
      <source>&amp;Remove...</source>
      <translation>&amp;Entfernen...</translation>
    </message>
    <message>
      <source>Move &amp;up</source>
      <translation>Nach &amp;oben</translation>
    </message>
    <message>
      <source>Move d&amp;own</source>
      <translation>Nach &amp;unten</translation>
    </message>
    <message>
      <source>&amp;Import from a file...</source>
      <translation>Aus Datei &amp;importieren...</translation>
    </message>
    <message>
      <source>&amp;Export nodes to a file...</source>
      <translation>Knoten in Datei e&amp;xportieren...</translation>
    </message>
    <message>
      <source>Export nodes for &amp;Weasis...</source>
      <translation>Knoten für &amp;Weasis exportieren...</translation>
    </message>
    <message>
      <source>Export &amp;their authentication for Weasis...</source>
      <translation>&amp;Ihre Authentifizierung für Weasis exportieren...</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.part_chooser</name>
    <message>
      <source>&amp;Authentication:</source>
      <translation>Au&amp;thentifizierung:</translation>
    </message>
    <message>
      <source>Add an authentication method for this provider first, and sign in with it.</source>
      <translation>Fügen Sie zuerst eine Authentifizierung für diesen Anbieter hinzu und melden Sie sich damit an.</translation>
    </message>
    <message>
      <source>Choose from {provider}</source>
      <translation>Wählen bei {provider}</translation>
    </message>
    <message>
      <source>&amp;Sign in...</source>
      <translation>An&amp;melden...</translation>
    </message>
    <message>
      <source>Asking for {label}...</source>
      <translation>{label} wird erfragt...</translation>
    </message>
    <message>
      <source>There is no {label} that you may see; it can be typed.</source>
      <translation>Es gibt kein {label}, das Sie sehen dürfen; es kann eingetippt werden.</translation>
    </message>
    <message>
      <source>{label}:</source>
      <translation>{label}:</translation>
    </message>
    <message>
      <source> ({account})</source>
      <translation> ({account})</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.provider_form</name>
    <message>
      <source>This is not the usual URL of {provider}, which looks like {example}</source>
      <translation>Das ist nicht die übliche URL von {provider}; sie sieht so aus: {example}</translation>
    </message>
    <message>
      <source>recognised by the URL</source>
      <translation>an der URL erkannt</translation>
    </message>
    <message>
      <source>It follows from what is filled in above.</source>
      <translation>Es folgt aus dem, was oben ausgefüllt ist.</translation>
    </message>
    <message>
      <source>{label}:</source>
      <translation>{label}:</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.proxy_fields</name>
    <message>
      <source>as it is kept</source>
      <translation>wie es aufbewahrt ist</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.questions</name>
    <message>
      <source>Show</source>
      <translation>Anzeigen</translation>
    </message>
    <message>
      <source>optional</source>
      <translation>freiwillig</translation>
    </message>
    <message>
      <source>{label}:</source>
      <translation>{label}:</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.results_children</name>
    <message>
      <source>It has no series.</source>
      <translation>Sie hat keine Serien.</translation>
    </message>
    <message>
      <source>It has no instances.</source>
      <translation>Sie hat keine Instanzen.</translation>
    </message>
    <message>
      <source>{title}: {n} without a valid UID are left out.</source>
      <translation>{title}: {n} ohne gültige UID sind ausgelassen.</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.results_marks</name>
    <message>
      <source>{n} instances are in the DICOM database</source>
      <translation>{n} Instanzen sind in der DICOM-Datenbank</translation>
    </message>
    <message>
      <source>{n} of {m} studies are in the DICOM database</source>
      <translation>{n} von {m} Studien sind in der DICOM-Datenbank</translation>
    </message>
    <message>
      <source>{n} of {m} instances are in the DICOM database</source>
      <translation>{n} von {m} Instanzen sind in der DICOM-Datenbank</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.results_menu</name>
    <message>
      <source>Copy study &amp;UIDs</source>
      <translation>&amp;UIDs der Studien kopieren</translation>
    </message>
    <message>
      <source>Import &amp;from</source>
      <translation>Importieren &amp;von</translation>
    </message>
    <message>
      <source>{name}  ({series} series, {instances} instances)</source>
      <translation>{name}  ({series} Serien, {instances} Instanzen)</translation>
    </message>
    <message>
      <source>Import and &amp;load</source>
      <translation>Importieren und &amp;laden</translation>
    </message>
    <message>
      <source>&amp;Import</source>
      <translation>&amp;Importieren</translation>
    </message>
    <message>
      <source>Copy &amp;series UIDs</source>
      <translation>UIDs der &amp;Serien kopieren</translation>
    </message>
    <message>
      <source>Copy i&amp;nstance UIDs</source>
      <translation>UIDs der I&amp;nstanzen kopieren</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.results_model</name>
    <message>
      <source>Patient / study / series</source>
      <translation>Patient / Studie / Serie</translation>
    </message>
    <message>
      <source>Date</source>
      <translation>Datum</translation>
    </message>
    <message>
      <source>Modality</source>
      <translation>Modalität</translation>
    </message>
    <message>
      <source>Details</source>
      <translation>Einzelheiten</translation>
    </message>
    <message>
      <source>Series</source>
      <translation>Serien</translation>
    </message>
    <message>
      <source>✔ is in Slicer's DICOM database, ◐ in part</source>
      <translation>✔ ist in der DICOM-Datenbank von Slicer, ◐ zum Teil</translation>
    </message>
    <message>
      <source>Instances</source>
      <translation>Instanzen</translation>
    </message>
    <message>
      <source>Here</source>
      <translation>Hier</translation>
    </message>
    <message>
      <source>Node</source>
      <translation>Knoten</translation>
    </message>
    <message>
      <source>imported from {first}, also on {others}</source>
      <translation>importiert von {first}, auch auf {others}</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.results_selection</name>
    <message>
      <source>{name} and {n} more</source>
      <translation>{name} und {n} weitere</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.results_status</name>
    <message>
      <source>{n} of the server's results have no valid Study Instance UID and are left out.</source>
      <translation>{n} Ergebnisse des Servers haben keine gültige Study Instance UID und sind ausgelassen.</translation>
    </message>
    <message>
      <source>no studies</source>
      <translation>keine Studien</translation>
    </message>
    <message>
      <source>1 study</source>
      <translation>1 Studie</translation>
    </message>
    <message>
      <source>{found} so far...</source>
      <translation>{found} bisher...</translation>
    </message>
    <message>
      <source>{found} found.</source>
      <translation>{found} gefunden.</translation>
    </message>
    <message>
      <source>Waiting for {names}.</source>
      <translation>Wartet auf {names}.</translation>
    </message>
    <message>
      <source>{n} studies</source>
      <translation>{n} Studien</translation>
    </message>
    <message>
      <source>Waiting for {n} nodes.</source>
      <translation>Wartet auf {n} Knoten.</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.results_view</name>
    <message>
      <source>1 UID copied.</source>
      <translation>1 UID kopiert.</translation>
    </message>
    <message>
      <source>{n} UIDs copied.</source>
      <translation>{n} UIDs kopiert.</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.row_phrases</name>
    <message>
      <source>(no name)</source>
      <translation>(ohne Namen)</translation>
    </message>
    <message>
      <source>{name}  ({id})</source>
      <translation>{name}  ({id})</translation>
    </message>
    <message>
      <source>{name}, born {date}</source>
      <translation>{name}, geboren {date}</translation>
    </message>
    <message>
      <source>Study {id}</source>
      <translation>Studie {id}</translation>
    </message>
    <message>
      <source>1 study</source>
      <translation>1 Studie</translation>
    </message>
    <message>
      <source>{n} studies</source>
      <translation>{n} Studien</translation>
    </message>
    <message>
      <source>looking for its series...</source>
      <translation>sucht die Serien...</translation>
    </message>
    <message>
      <source>looking for its instances...</source>
      <translation>sucht die Instanzen...</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.row_texts</name>
    <message>
      <source>{columns} x {rows}</source>
      <translation>{columns} x {rows}</translation>
    </message>
    <message>
      <source>{n} frames</source>
      <translation>{n} Bilder</translation>
    </message>
    <message>
      <source>Instance {number}</source>
      <translation>Instanz {number}</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.saved_searches</name>
    <message>
      <source>&amp;Clear all fields</source>
      <translation>Alle Felder &amp;leeren</translation>
    </message>
    <message>
      <source>&amp;Save this search...</source>
      <translation>&amp;Diese Suche speichern...</translation>
    </message>
    <message>
      <source>Rename</source>
      <translation>Umbenennen</translation>
    </message>
    <message>
      <source>Name:</source>
      <translation>Name:</translation>
    </message>
    <message>
      <source>Re&amp;name</source>
      <translation>&amp;Umbenennen</translation>
    </message>
    <message>
      <source>&amp;Remove</source>
      <translation>&amp;Entfernen</translation>
    </message>
    <message>
      <source>Save this search</source>
      <translation>Suche speichern</translation>
    </message>
    <message>
      <source>Replace</source>
      <translation>Ersetzen</translation>
    </message>
    <message>
      <source>There is a search '{name}' already. Replace it?</source>
      <translation>Es gibt schon eine Suche '{name}'. Soll sie ersetzt werden?</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.scene_loader</name>
    <message>
      <source>{n} of {m} series were not loaded:</source>
      <translation>{n} von {m} Serien wurden nicht geladen:</translation>
    </message>
    <message>
      <source>It refers to {n} other series of the DICOM database. Load them too?</source>
      <translation>Es verweist auf {n} andere Serien der DICOM-Datenbank. Diese auch laden?</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.search_form</name>
    <message>
      <source>More fields</source>
      <translation>Mehr Felder</translation>
    </message>
    <message>
      <source>Several nodes...</source>
      <translation>Mehrere Knoten...</translation>
    </message>
    <message>
      <source>The first day is after the last one.</source>
      <translation>Der erste Tag liegt nach dem letzten.</translation>
    </message>
    <message>
      <source>Choose the nodes to search.</source>
      <translation>Wählen Sie die Knoten, in denen gesucht wird.</translation>
    </message>
    <message>
      <source>More fields ({n} filled in)</source>
      <translation>Mehr Felder ({n} ausgefüllt)</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.send_menu</name>
    <message>
      <source>Import it first: what is sent comes from the database.</source>
      <translation>Importieren Sie es zuerst: Gesendet wird, was in der Datenbank ist.</translation>
    </message>
    <message>
      <source>nothing of what is selected is in the DICOM database</source>
      <translation>nichts vom Ausgewählten ist in der DICOM-Datenbank</translation>
    </message>
    <message>
      <source>to {name}</source>
      <translation>an {name}</translation>
    </message>
    <message>
      <source>no node stores</source>
      <translation>kein Knoten speichert</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.settings_panel</name>
    <message>
      <source>Folder for previews</source>
      <translation>Ordner für Vorschaubilder</translation>
    </message>
    <message>
      <source>&amp;Take out of the file</source>
      <translation>Aus der Datei &amp;holen</translation>
    </message>
    <message>
      <source>Move into a &amp;file</source>
      <translation>In eine &amp;Datei legen</translation>
    </message>
    <message>
      <source>Copied to the clipboard. It has no secrets; read it before you send it.</source>
      <translation>In die Zwischenablage kopiert. Geheimnisse sind nicht darin; lesen Sie es, bevor Sie es senden.</translation>
    </message>
    <message>
      <source>{size} of previews removed.</source>
      <translation>{size} Vorschaubilder entfernt.</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.sign_in_panel</name>
    <message>
      <source>Waiting for the browser: finish the sign-in on the page that has opened there.</source>
      <translation>Wartet auf den Browser: Beenden Sie die Anmeldung auf der Seite, die sich dort geöffnet hat.</translation>
    </message>
    <message>
      <source>Open the address in any browser, on any computer, and enter this code:</source>
      <translation>Öffnen Sie die Adresse in irgendeinem Browser, auf irgendeinem Rechner, und geben Sie diesen Code ein:</translation>
    </message>
    <message>
      <source>{name}: asking the provider...</source>
      <translation>{name}: Der Anbieter wird gefragt...</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.sop_classes</name>
    <message>
      <source>Presentation state</source>
      <translation>Darstellungszustand</translation>
    </message>
    <message>
      <source>Raw data</source>
      <translation>Rohdaten</translation>
    </message>
    <message>
      <source>Spatial registration</source>
      <translation>Räumliche Registrierung</translation>
    </message>
    <message>
      <source>Spatial fiducials</source>
      <translation>Räumliche Markierungen</translation>
    </message>
    <message>
      <source>Deformable spatial registration</source>
      <translation>Elastische räumliche Registrierung</translation>
    </message>
    <message>
      <source>Surface segmentation</source>
      <translation>Oberflächensegmentierung</translation>
    </message>
    <message>
      <source>Structured report</source>
      <translation>Strukturierter Befund</translation>
    </message>
    <message>
      <source>Key object selection</source>
      <translation>Auswahl wichtiger Objekte</translation>
    </message>
    <message>
      <source>Radiation dose report</source>
      <translation>Dosisbericht</translation>
    </message>
    <message>
      <source>PDF document</source>
      <translation>PDF-Dokument</translation>
    </message>
    <message>
      <source>CDA document</source>
      <translation>CDA-Dokument</translation>
    </message>
    <message>
      <source>STL model</source>
      <translation>STL-Modell</translation>
    </message>
    <message>
      <source>OBJ model</source>
      <translation>OBJ-Modell</translation>
    </message>
    <message>
      <source>RT structure set</source>
      <translation>RT-Struktursatz</translation>
    </message>
    <message>
      <source>RT plan</source>
      <translation>RT-Plan</translation>
    </message>
    <message>
      <source>RT ion plan</source>
      <translation>RT-Ionenplan</translation>
    </message>
    <message>
      <source>Electrocardiogram</source>
      <translation>Elektrokardiogramm</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.thumbnails</name>
    <message>
      <source>no picture</source>
      <translation>kein Bild</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.transfer_report</name>
    <message>
      <source>waiting</source>
      <translation>wartet</translation>
    </message>
    <message>
      <source>paused</source>
      <translation>angehalten</translation>
    </message>
    <message>
      <source>failed</source>
      <translation>fehlgeschlagen</translation>
    </message>
    <message>
      <source>cancelled</source>
      <translation>abgebrochen</translation>
    </message>
    <message>
      <source>retrieving</source>
      <translation>wird abgerufen</translation>
    </message>
    <message>
      <source>into the database</source>
      <translation>in die Datenbank</translation>
    </message>
    <message>
      <source>sending</source>
      <translation>wird gesendet</translation>
    </message>
    <message>
      <source>incomplete</source>
      <translation>unvollständig</translation>
    </message>
    <message>
      <source>stored</source>
      <translation>gespeichert</translation>
    </message>
    <message>
      <source>stored, but changed by the server</source>
      <translation>gespeichert, aber vom Server geändert</translation>
    </message>
    <message>
      <source>there already</source>
      <translation>schon da</translation>
    </message>
    <message>
      <source>not confirmed by the server</source>
      <translation>vom Server nicht bestätigt</translation>
    </message>
    <message>
      <source>not stored</source>
      <translation>nicht gespeichert</translation>
    </message>
    <message>
      <source>not a DICOM file</source>
      <translation>keine DICOM-Datei</translation>
    </message>
    <message>
      <source>sent</source>
      <translation>gesendet</translation>
    </message>
    <message>
      <source>in the database</source>
      <translation>in der Datenbank</translation>
    </message>
    <message>
      <source>{n} {outcome}</source>
      <translation>{n} {outcome}</translation>
    </message>
    <message>
      <source>Node</source>
      <translation>Knoten</translation>
    </message>
    <message>
      <source>{n} confirmed before</source>
      <translation>{n} schon früher bestätigt</translation>
    </message>
    <message>
      <source>{n} not sent</source>
      <translation>{n} nicht gesendet</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.transfer_rows</name>
    <message>
      <source>{n} of {all}</source>
      <translation>{n} von {all}</translation>
    </message>
    <message>
      <source>(no series)</source>
      <translation>(keine Serie)</translation>
    </message>
    <message>
      <source>(no file)</source>
      <translation>(keine Datei)</translation>
    </message>
    <message>
      <source>and {n} more</source>
      <translation>und {n} weitere</translation>
    </message>
    <message>
      <source>Series ({place})</source>
      <translation>Serie ({place})</translation>
    </message>
    <message>
      <source>{duration} left</source>
      <translation>noch {duration}</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.transfers_panel</name>
    <message>
      <source>What</source>
      <translation>Was</translation>
    </message>
    <message>
      <source>Progress</source>
      <translation>Fortschritt</translation>
    </message>
    <message>
      <source>Speed</source>
      <translation>Tempo</translation>
    </message>
    <message>
      <source>Left</source>
      <translation>Übrig</translation>
    </message>
    <message>
      <source>State</source>
      <translation>Zustand</translation>
    </message>
    <message>
      <source>{title} to {node}</source>
      <translation>{title} an {node}</translation>
    </message>
    <message>
      <source>Send to {node}</source>
      <translation>An {node} senden</translation>
    </message>
    <message>
      <source>Copy &amp;details</source>
      <translation>&amp;Einzelheiten kopieren</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.unfinished_row</name>
    <message>
      <source>This was not finished. Resume brings what is missing, Cancel forgets it.</source>
      <translation>Dies wurde nicht fertig. Fortsetzen holt, was fehlt; Abbrechen vergisst es.</translation>
    </message>
    <message>
      <source>Another Slicer that has this DICOM database open has taken it up. Look there how far it is; when it ends there without having finished, it can be resumed here.</source>
      <translation>Ein anderer Slicer, der diese DICOM-Datenbank offen hat, hat dies übernommen. Sehen Sie dort nach, wie weit es ist; endet es dort unfertig, kann es hier fortgesetzt werden.</translation>
    </message>
    <message>
      <source>The server has confirmed {n} of it, which will not be sent again.</source>
      <translation>Der Server hat {n} davon bestätigt; sie werden nicht noch einmal gesendet.</translation>
    </message>
    <message>
      <source>in another Slicer</source>
      <translation>in anderem Slicer</translation>
    </message>
    <message>
      <source>not finished</source>
      <translation>nicht fertig</translation>
    </message>
    <message>
      <source>A manifest or link asked {host} for this, and what it brought for that is not kept. Open it again (Import, Open link...): only what is missing is fetched. Cancel forgets it.</source>
      <translation>Ein Manifest oder Link wollte das von {host}; was es dafür mitbrachte, wird nicht aufbewahrt. Öffnen Sie es noch einmal (Import, Link öffnen...): Nur was fehlt, wird geholt. Abbrechen vergisst es.</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.words</name>
    <message>
      <source>{h} h {min} min</source>
      <translation>{h} h {min} min</translation>
    </message>
    <message>
      <source>{size}/s</source>
      <translation>{size}/s</translation>
    </message>
    <message>
      <source>{s} s</source>
      <translation>{s} s</translation>
    </message>
    <message>
      <source>{min} min {s} s</source>
      <translation>{min} min {s} s</translation>
    </message>
    <message>
      <source>{number}: {description}</source>
      <translation>{number}: {description}</translation>
    </message>
    <message>
      <source>and {n} more</source>
      <translation>und {n} weitere</translation>
    </message>
    <message>
      <source>Series {number}</source>
      <translation>Serie {number}</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesHost.dialogs</name>
    <message>
      <source>importing</source>
      <translation>wird importiert</translation>
    </message>
    <message>
      <source>loading</source>
      <translation>wird geladen</translation>
    </message>
    <message>
      <source>searching</source>
      <translation>wird gesucht</translation>
    </message>
    <message>
      <source>sending</source>
      <translation>wird gesendet</translation>
    </message>
    <message>
      <source>waiting for the sign-in</source>
      <translation>auf die Anmeldung wird gewartet</translation>
    </message>
    <message>
      <source>testing the node</source>
      <translation>der Knoten wird geprüft</translation>
    </message>
    <message>
      <source>please wait</source>
      <translation>bitte warten</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesHost.library_texts</name>
    <message>
      <source>signed out, and the token is revoked at {provider}</source>
      <translation>abgemeldet, und das Token ist bei {provider} widerrufen</translation>
    </message>
    <message>
      <source>Use it: give it to a node.</source>
      <translation>Verwenden Sie sie: Geben Sie sie einem Knoten.</translation>
    </message>
    <message>
      <source>signed out here; {provider} has no way to revoke a token before it expires</source>
      <translation>hier abgemeldet; {provider} kann ein Token nicht widerrufen, bevor es abläuft</translation>
    </message>
    <message>
      <source>'{name}' needs nobody to sign in</source>
      <translation>'{name}' verlangt keine Anmeldung</translation>
    </message>
    <message>
      <source>nobody was signed in with '{name}'</source>
      <translation>mit '{name}' war niemand angemeldet</translation>
    </message>
    <message>
      <source>signed out here only: {error}</source>
      <translation>nur hier abgemeldet: {error}</translation>
    </message>
    <message>
      <source>sign in</source>
      <translation>Anmelden</translation>
    </message>
    <message>
      <source>Somebody may have tampered with the sign-in. Start it again.</source>
      <translation>Vielleicht hat jemand in die Anmeldung eingegriffen. Beginnen Sie sie von vorn.</translation>
    </message>
    <message>
      <source>{provider} sent neither a code nor an error</source>
      <translation>{provider} hat weder einen Code noch einen Fehler gesendet</translation>
    </message>
    <message>
      <source>the answer does not name its issuer, and {issuer} was asked</source>
      <translation>die Antwort nennt keinen Aussteller, und gefragt war {issuer}</translation>
    </message>
    <message>
      <source>the answer names '{other}' as its issuer, and {issuer} was asked</source>
      <translation>die Antwort nennt '{other}' als Aussteller, und gefragt war {issuer}</translation>
    </message>
    <message>
      <source>something went wrong; 3D Slicer says what</source>
      <translation>etwas ist schiefgegangen; 3D Slicer sagt, was</translation>
    </message>
    <message>
      <source>Run 'aws configure' or 'aws sso login' (which needs the Python package botocore here).</source>
      <translation>Führen Sie 'aws configure' oder 'aws sso login' aus (das hier das Python-Paket botocore braucht).</translation>
    </message>
    <message>
      <source>Run 'aws sso login', or whatever this profile needs.</source>
      <translation>Führen Sie 'aws sso login' aus, oder was dieses Profil sonst braucht.</translation>
    </message>
    <message>
      <source>Correct it, or run 'aws configure'.</source>
      <translation>Berichtigen Sie sie, oder führen Sie 'aws configure' aus.</translation>
    </message>
    <message>
      <source>there are no AWS credentials: neither in the environment nor in the profile '{name}'</source>
      <translation>es gibt keine AWS-Anmeldedaten: weder in der Umgebung noch im Profil '{name}'</translation>
    </message>
    <message>
      <source>Run it by hand to see why: it is named in the AWS configuration file.</source>
      <translation>Führen Sie es von Hand aus, um zu sehen, warum: Es steht in der Konfigurationsdatei von AWS.</translation>
    </message>
    <message>
      <source>the AWS profile '{profile}' gave no credentials ({error})</source>
      <translation>das AWS-Profil '{profile}' gab keine Anmeldedaten ({error})</translation>
    </message>
    <message>
      <source>the AWS file {path} cannot be read ({error})</source>
      <translation>die AWS-Datei {path} ist nicht lesbar ({error})</translation>
    </message>
    <message>
      <source>the credential_process of the AWS profile gave no credentials ({error})</source>
      <translation>der credential_process des AWS-Profils gab keine Anmeldedaten ({error})</translation>
    </message>
    <message>
      <source>Check the network, and the provider's address in the authentication method.</source>
      <translation>Prüfen Sie das Netz und die Adresse des Anbieters in der Authentifizierung.</translation>
    </message>
    <message>
      <source>{host} answered {answer}</source>
      <translation>{host} antwortete {answer}</translation>
    </message>
    <message>
      <source>the answer (of no type) is not a JSON object</source>
      <translation>die Antwort (ohne Typ) ist kein JSON-Objekt</translation>
    </message>
    <message>
      <source>the answer ({type}) is not a JSON object</source>
      <translation>die Antwort ({type}) ist kein JSON-Objekt</translation>
    </message>
    <message>
      <source>the answer of {host} is larger than {limit:,} bytes</source>
      <translation>die Antwort von {host} ist größer als {limit:,} Bytes</translation>
    </message>
    <message>
      <source>{host} did not end its answer within {seconds} s</source>
      <translation>{host} hat die Antwort nicht innerhalb von {seconds} s beendet</translation>
    </message>
    <message>
      <source>the sign-in was cancelled</source>
      <translation>die Anmeldung wurde abgebrochen</translation>
    </message>
    <message>
      <source>Start it again when you are ready.</source>
      <translation>Beginnen Sie sie erneut, wenn Sie so weit sind.</translation>
    </message>
    <message>
      <source>sign in with the device code</source>
      <translation>Mit dem Gerätecode anmelden</translation>
    </message>
    <message>
      <source>{provider} sent no {missing}</source>
      <translation>{provider} hat kein {missing} gesendet</translation>
    </message>
    <message>
      <source>the code expired before anybody entered it</source>
      <translation>der Code ist abgelaufen, bevor ihn jemand eingegeben hat</translation>
    </message>
    <message>
      <source>Start the sign-in again and enter the new code.</source>
      <translation>Beginnen Sie die Anmeldung erneut und geben Sie den neuen Code ein.</translation>
    </message>
    <message>
      <source>Check the issuer's URL, or give its endpoints.</source>
      <translation>Prüfen Sie die URL des Ausstellers, oder geben Sie seine Endpunkte an.</translation>
    </message>
    <message>
      <source>Give the issuer exactly as the provider writes it.</source>
      <translation>Geben Sie den Aussteller genau so an, wie ihn der Anbieter schreibt.</translation>
    </message>
    <message>
      <source>Give it, or choose another grant: the provider may not offer this one.</source>
      <translation>Geben Sie ihn an, oder wählen Sie einen anderen Grant: Diesen bietet der Anbieter vielleicht nicht.</translation>
    </message>
    <message>
      <source>nothing can be discovered from the issuer '{issuer}': {cause}</source>
      <translation>vom Aussteller '{issuer}' lässt sich nichts erfragen: {cause}</translation>
    </message>
    <message>
      <source>the metadata of '{issuer}' is that of another issuer, '{other}'</source>
      <translation>die Metadaten von '{issuer}' sind die eines anderen Ausstellers, '{other}'</translation>
    </message>
    <message>
      <source>{issuer} does not say where its {missing} is</source>
      <translation>{issuer} sagt nicht, wo dies ist: {missing}</translation>
    </message>
    <message>
      <source>discover {issuer}</source>
      <translation>{issuer} befragen</translation>
    </message>
    <message>
      <source>an authentication method is a JSON object</source>
      <translation>eine Authentifizierung ist ein JSON-Objekt</translation>
    </message>
    <message>
      <source>the {field} is {value!r}</source>
      <translation>{field} ist {value!r}</translation>
    </message>
    <message>
      <source>the {field} is missing</source>
      <translation>es fehlt: {field}</translation>
    </message>
    <message>
      <source>Choose one of {choices}.</source>
      <translation>Wählen Sie eines von {choices}.</translation>
    </message>
    <message>
      <source>audience</source>
      <translation>Audience</translation>
    </message>
    <message>
      <source>authorization endpoint</source>
      <translation>Autorisierungs-Endpunkt</translation>
    </message>
    <message>
      <source>client ID</source>
      <translation>Client-ID</translation>
    </message>
    <message>
      <source>device authorization endpoint</source>
      <translation>Endpunkt der Geräteautorisierung</translation>
    </message>
    <message>
      <source>grant</source>
      <translation>Grant</translation>
    </message>
    <message>
      <source>issuer</source>
      <translation>Aussteller</translation>
    </message>
    <message>
      <source>kind</source>
      <translation>Art</translation>
    </message>
    <message>
      <source>provider</source>
      <translation>Anbieter</translation>
    </message>
    <message>
      <source>registration</source>
      <translation>Registrierung</translation>
    </message>
    <message>
      <source>revocation endpoint</source>
      <translation>Widerrufs-Endpunkt</translation>
    </message>
    <message>
      <source>token endpoint</source>
      <translation>Token-Endpunkt</translation>
    </message>
    <message>
      <source>token endpoint auth method</source>
      <translation>Client-Authentifizierung am Token-Endpunkt</translation>
    </message>
    <message>
      <source>has mode {mode}: other users of this computer can read it</source>
      <translation>hat die Rechte {mode}: Andere Benutzer dieses Rechners können sie lesen</translation>
    </message>
    <message>
      <source>Run 'chmod 600 {path}'</source>
      <translation>Führen Sie 'chmod 600 {path}' aus</translation>
    </message>
    <message>
      <source>{path}, which only you can read</source>
      <translation>{path}, die nur Sie lesen können</translation>
    </message>
    <message>
      <source>Keep secrets in the system's keyring, or in the memory.</source>
      <translation>Bewahren Sie Geheimnisse im Schlüsselbund des Systems auf, oder im Arbeitsspeicher.</translation>
    </message>
    <message>
      <source>Sign in and give passwords again.</source>
      <translation>Melden Sie sich an und geben Sie Kennwörter erneut ein.</translation>
    </message>
    <message>
      <source>Check the path and the rights on it.</source>
      <translation>Prüfen Sie den Pfad und die Rechte darauf.</translation>
    </message>
    <message>
      <source>{path} {problem}, with the secrets in it</source>
      <translation>{path} {problem}, mit den Geheimnissen darin</translation>
    </message>
    <message>
      <source>{folder} cannot be kept from other users ({reason})</source>
      <translation>{folder} lässt sich nicht vor anderen Benutzern schützen ({reason})</translation>
    </message>
    <message>
      <source>the file of secrets was damaged and is now {aside}</source>
      <translation>die Datei der Geheimnisse war beschädigt und ist jetzt {aside}</translation>
    </message>
    <message>
      <source>{path} does not tell who can read it: {reason}</source>
      <translation>{path} sagt nicht, wer sie lesen kann: {reason}</translation>
    </message>
    <message>
      <source>{cure}, and change the passwords and tokens that were in it.</source>
      <translation>{cure}, und ändern Sie die Kennwörter und Token, die darin waren.</translation>
    </message>
    <message>
      <source>Run 'gcloud auth application-default login', or set GOOGLE_APPLICATION_CREDENTIALS to a key file.</source>
      <translation>Führen Sie 'gcloud auth application-default login' aus, oder setzen Sie GOOGLE_APPLICATION_CREDENTIALS auf eine Schlüsseldatei.</translation>
    </message>
    <message>
      <source>gcloud gives no token</source>
      <translation>gcloud gibt kein Token</translation>
    </message>
    <message>
      <source>Run 'gcloud auth login'.</source>
      <translation>Führen Sie 'gcloud auth login' aus.</translation>
    </message>
    <message>
      <source>Install it with 'python -m pip install google-auth', or use 'gcloud'.</source>
      <translation>Installieren Sie es mit 'python -m pip install google-auth', oder verwenden Sie 'gcloud'.</translation>
    </message>
    <message>
      <source>gcloud is not installed</source>
      <translation>gcloud ist nicht installiert</translation>
    </message>
    <message>
      <source>Install the Google Cloud CLI, or choose another authentication.</source>
      <translation>Installieren Sie die Google Cloud CLI, oder wählen Sie eine andere Authentifizierung.</translation>
    </message>
    <message>
      <source>{path} holds credentials of type '{kind}', which need the Python package google-auth</source>
      <translation>{path} enthält Anmeldedaten der Art '{kind}', die das Python-Paket google-auth brauchen</translation>
    </message>
    <message>
      <source>{path} holds no credentials</source>
      <translation>{path} enthält keine Anmeldedaten</translation>
    </message>
    <message>
      <source>google-auth does not get a token with {path} ({error})</source>
      <translation>google-auth bekommt mit {path} kein Token ({error})</translation>
    </message>
    <message>
      <source>{path} has no {error}</source>
      <translation>{path} hat kein {error}</translation>
    </message>
    <message>
      <source>Google does not accept {path}: {words}</source>
      <translation>Google nimmt {path} nicht an: {words}</translation>
    </message>
    <message>
      <source>{path} cannot be read: {reason}</source>
      <translation>{path} ist nicht lesbar: {reason}</translation>
    </message>
    <message>
      <source>Sign in again.</source>
      <translation>Melden Sie sich erneut an.</translation>
    </message>
    <message>
      <source>the provider's ID token is refused: {cause}</source>
      <translation>das ID-Token des Anbieters wird abgelehnt: {cause}</translation>
    </message>
    <message>
      <source>it is of another issuer, '{issuer}'</source>
      <translation>es ist von einem anderen Aussteller, '{issuer}'</translation>
    </message>
    <message>
      <source>Check the issuer in the method.</source>
      <translation>Prüfen Sie den Aussteller in der Authentifizierung.</translation>
    </message>
    <message>
      <source>it is for another client, '{client}'</source>
      <translation>es ist für einen anderen Client, '{client}'</translation>
    </message>
    <message>
      <source>Check the client ID in the method.</source>
      <translation>Prüfen Sie die Client-ID in der Authentifizierung.</translation>
    </message>
    <message>
      <source>it was issued to another client, '{client}'</source>
      <translation>es wurde für einen anderen Client ausgestellt, '{client}'</translation>
    </message>
    <message>
      <source>it has expired</source>
      <translation>es ist abgelaufen</translation>
    </message>
    <message>
      <source>Check the clock of this computer.</source>
      <translation>Prüfen Sie die Uhr dieses Rechners.</translation>
    </message>
    <message>
      <source>it belongs to another sign-in (its nonce is not ours)</source>
      <translation>es gehört zu einer anderen Anmeldung (seine nonce ist nicht unsere)</translation>
    </message>
    <message>
      <source>it is missing</source>
      <translation>es fehlt</translation>
    </message>
    <message>
      <source>it cannot be read</source>
      <translation>es ist nicht lesbar</translation>
    </message>
    <message>
      <source>the system's keyring ({value})</source>
      <translation>Schlüsselbund des Systems ({value})</translation>
    </message>
    <message>
      <source>Unlock it and try again, or keep secrets in a file: 'auth secrets --file'.</source>
      <translation>Entsperren Sie ihn und versuchen Sie es erneut, oder bewahren Sie Geheimnisse in einer Datei auf: 'auth secrets --file'.</translation>
    </message>
    <message>
      <source>{place} does not open ({error})</source>
      <translation>die Geheimnisse lassen sich nicht öffnen ({place}; {error})</translation>
    </message>
    <message>
      <source>Finish the other sign-in first, or close the program that uses the port.</source>
      <translation>Beenden Sie zuerst die andere Anmeldung, oder schließen Sie das Programm, das den Port belegt.</translation>
    </message>
    <message>
      <source>port {port} of this computer, to which the browser shall come back, is taken</source>
      <translation>Port {port} dieses Rechners, an den der Browser zurückkehren soll, ist belegt</translation>
    </message>
    <message>
      <source>nobody finished the sign-in within {timeout} s</source>
      <translation>niemand hat die Anmeldung innerhalb von {timeout} s beendet</translation>
    </message>
    <message>
      <source>client secret</source>
      <translation>Client-Geheimnis</translation>
    </message>
    <message>
      <source>password</source>
      <translation>Kennwort</translation>
    </message>
    <message>
      <source>token</source>
      <translation>Token</translation>
    </message>
    <message>
      <source>key</source>
      <translation>Schlüssel</translation>
    </message>
    <message>
      <source>an authentication method needs a name</source>
      <translation>eine Authentifizierung braucht einen Namen</translation>
    </message>
    <message>
      <source>Give it one.</source>
      <translation>Geben Sie ihr einen.</translation>
    </message>
    <message>
      <source>the user name is missing</source>
      <translation>der Benutzername fehlt</translation>
    </message>
    <message>
      <source>the user name {value!r} has a colon or a control character, which Basic authentication cannot carry</source>
      <translation>der Benutzername {value!r} hat einen Doppelpunkt oder ein Steuerzeichen, was mit Basic nicht geht</translation>
    </message>
    <message>
      <source>Give it, or the issuer, from which it can be discovered.</source>
      <translation>Geben Sie ihn an, oder den Aussteller, von dem er zu erfragen ist.</translation>
    </message>
    <message>
      <source>an OpenID provider needs an issuer, or its ID token cannot be checked</source>
      <translation>ein OpenID-Anbieter braucht einen Aussteller, sonst lässt sich sein ID-Token nicht prüfen</translation>
    </message>
    <message>
      <source>Give the issuer.</source>
      <translation>Geben Sie den Aussteller an.</translation>
    </message>
    <message>
      <source>a name of {length} characters, more than {most}</source>
      <translation>ein Name von {length} Zeichen, mehr als {most}</translation>
    </message>
    <message>
      <source>the {field} {value!r} is not one; it looks like '{example}'</source>
      <translation>{field} {value!r} passt nicht; es sieht aus wie '{example}'</translation>
    </message>
    <message>
      <source>the {field} is {value!r}, not one of {names}</source>
      <translation>{field} ist {value!r}, keines von {names}</translation>
    </message>
    <message>
      <source>the kind is {kind!r}</source>
      <translation>die Art ist {kind!r}</translation>
    </message>
    <message>
      <source>the uid is {uid!r}</source>
      <translation>die uid ist {uid!r}</translation>
    </message>
    <message>
      <source>a method of kind '{kind}' has no '{name}'</source>
      <translation>eine Authentifizierung der Art '{kind}' hat kein '{name}'</translation>
    </message>
    <message>
      <source>{value!r} is not text</source>
      <translation>{value!r} ist kein Text</translation>
    </message>
    <message>
      <source>service</source>
      <translation>Dienst</translation>
    </message>
    <message>
      <source>payload</source>
      <translation>Nutzlast</translation>
    </message>
    <message>
      <source>a method of kind '{kind}' has no {field}</source>
      <translation>eine Authentifizierung der Art '{kind}' hat dies nicht: {field}</translation>
    </message>
    <message>
      <source>region</source>
      <translation>Region</translation>
    </message>
    <message>
      <source>there is no authentication method '{name_or_uid}'</source>
      <translation>es gibt keine Authentifizierung '{name_or_uid}'</translation>
    </message>
    <message>
      <source>Choose another name.</source>
      <translation>Wählen Sie einen anderen Namen.</translation>
    </message>
    <message>
      <source>authentication methods</source>
      <translation>Authentifizierungen</translation>
    </message>
    <message>
      <source>there is a method named '{name}' already</source>
      <translation>es gibt schon eine Authentifizierung namens '{name}'</translation>
    </message>
    <message>
      <source>there is a method with the uid '{uid}' already</source>
      <translation>es gibt schon eine Authentifizierung mit der uid '{uid}'</translation>
    </message>
    <message>
      <source>'{name}' is the authentication of {names}</source>
      <translation>'{name}' ist die Authentifizierung von {names}</translation>
    </message>
    <message>
      <source>the password of '{user}' for the proxy {proxy} is not kept here</source>
      <translation>das Passwort von '{user}' für den Proxy {proxy} ist hier nicht aufbewahrt</translation>
    </message>
    <message>
      <source>the value of the header '{name}' is not kept here</source>
      <translation>der Wert des Kopffelds '{name}' ist hier nicht hinterlegt</translation>
    </message>
    <message>
      <source>Edit the node and give it again.</source>
      <translation>Bearbeiten Sie den Knoten und geben Sie ihn erneut an.</translation>
    </message>
    <message>
      <source>signing in with OAuth needs the Python package oauthlib, which is not installed</source>
      <translation>die Anmeldung mit OAuth braucht das Python-Paket oauthlib, das nicht installiert ist</translation>
    </message>
    <message>
      <source>Install it with 'python -m pip install oauthlib', or choose another authentication.</source>
      <translation>Installieren Sie es mit 'python -m pip install oauthlib', oder wählen Sie eine andere Authentifizierung.</translation>
    </message>
    <message>
      <source>You can close this window and go back to 3D Slicer.</source>
      <translation>Sie können dieses Fenster schließen und zu 3D Slicer zurückkehren.</translation>
    </message>
    <message>
      <source>en</source>
      <translation>de</translation>
    </message>
    <message>
      <source>You are signed in as {account}. {done}</source>
      <translation>Sie sind als {account} angemeldet. {done}</translation>
    </message>
    <message>
      <source>Signed in</source>
      <translation>Angemeldet</translation>
    </message>
    <message>
      <source>Not signed in</source>
      <translation>Nicht angemeldet</translation>
    </message>
    <message>
      <source>{cause}. You can close this window.</source>
      <translation>{cause}. Sie können dieses Fenster schließen.</translation>
    </message>
    <message>
      <source>Not found</source>
      <translation>Nicht gefunden</translation>
    </message>
    <message>
      <source>This is not the answer to a sign-in.</source>
      <translation>Dies ist nicht die Antwort auf eine Anmeldung.</translation>
    </message>
    <message>
      <source>Give the URL up to the '#'.</source>
      <translation>Geben Sie die URL bis zum '#' an.</translation>
    </message>
    <message>
      <source>Use https, or allow plain http for this provider.</source>
      <translation>Verwenden Sie https, oder erlauben Sie diesem Anbieter unverschlüsseltes http.</translation>
    </message>
    <message>
      <source>'{url}' is followed by a fragment</source>
      <translation>auf '{url}' folgt ein Fragment</translation>
    </message>
    <message>
      <source>'{url}' is plain http, and passwords and tokens sent to it can be read on the way</source>
      <translation>'{url}' ist unverschlüsseltes http; Kennwörter und Token, die dorthin gehen, sind unterwegs lesbar</translation>
    </message>
    <message>
      <source>its URL {url} is plain http: everybody on the way could read the credential</source>
      <translation>seine URL {url} ist unverschlüsseltes http: Jeder auf dem Weg könnte die Anmeldedaten lesen</translation>
    </message>
    <message>
      <source>Give it up to the '?'.</source>
      <translation>Geben Sie ihn bis zum '?' an.</translation>
    </message>
    <message>
      <source>the provider</source>
      <translation>der Anbieter</translation>
    </message>
    <message>
      <source>the provider's name {name!r} cannot be shown as it is</source>
      <translation>der Name des Anbieters {name!r} lässt sich so nicht anzeigen</translation>
    </message>
    <message>
      <source>the issuer '{issuer}' has a query</source>
      <translation>der Aussteller '{issuer}' hat einen Abfrageteil</translation>
    </message>
    <message>
      <source>{flag} is {value!r}, neither true nor false</source>
      <translation>{flag} ist {value!r}, weder true noch false</translation>
    </message>
    <message>
      <source>{text} is {value!r}, not text</source>
      <translation>{text} ist {value!r}, kein Text</translation>
    </message>
    <message>
      <source>the client ID is missing</source>
      <translation>die Client-ID fehlt</translation>
    </message>
    <message>
      <source>The provider's administrator gives it when this program is registered.</source>
      <translation>Der Verwalter des Anbieters vergibt sie, wenn dieses Programm registriert wird.</translation>
    </message>
    <message>
      <source>client credentials need a client secret</source>
      <translation>Client Credentials brauchen ein Client-Geheimnis</translation>
    </message>
    <message>
      <source>Give it, or choose another grant.</source>
      <translation>Geben Sie es an, oder wählen Sie einen anderen Grant.</translation>
    </message>
    <message>
      <source>Give a number up to 65535, or 0 for any that is free.</source>
      <translation>Geben Sie eine Zahl bis 65535 an, oder 0 für irgendeinen freien.</translation>
    </message>
    <message>
      <source>Give a plain path like '/callback', as it is registered.</source>
      <translation>Geben Sie einen einfachen Pfad wie '/callback' an, so wie er registriert ist.</translation>
    </message>
    <message>
      <source>Separate scopes by spaces.</source>
      <translation>Trennen Sie Scopes durch Leerzeichen.</translation>
    </message>
    <message>
      <source>It is made for each sign-in, or has a field of its own.</source>
      <translation>Er wird für jede Anmeldung neu gebildet oder hat ein eigenes Feld.</translation>
    </message>
    <message>
      <source>the redirect host is {redirect_host!r}</source>
      <translation>der Redirect-Host ist {redirect_host!r}</translation>
    </message>
    <message>
      <source>the redirect port is {port!r}</source>
      <translation>der Redirect-Port ist {port!r}</translation>
    </message>
    <message>
      <source>the redirect path is {redirect_path!r}</source>
      <translation>der Redirect-Pfad ist {redirect_path!r}</translation>
    </message>
    <message>
      <source>the scope {scope!r} is not written well</source>
      <translation>der Scope {scope!r} ist nicht richtig geschrieben</translation>
    </message>
    <message>
      <source>the authorization parameter '{name}' cannot be given</source>
      <translation>der Autorisierungsparameter '{name}' lässt sich nicht angeben</translation>
    </message>
    <message>
      <source>the {field} {value!r} has a character that none has</source>
      <translation>{field} {value!r} enthält ein Zeichen, das nicht vorkommen darf</translation>
    </message>
    <message>
      <source>Only this computer can be one: {names}.</source>
      <translation>Nur dieser Rechner kann es sein: {names}.</translation>
    </message>
    <message>
      <source>sign out</source>
      <translation>Abmelden</translation>
    </message>
    <message>
      <source>The token was forgotten here; end the session in your account at the provider as well.</source>
      <translation>Das Token wurde hier vergessen; beenden Sie die Sitzung auch in Ihrem Konto beim Anbieter.</translation>
    </message>
    <message>
      <source>{provider} answered {answer} to the revocation</source>
      <translation>{provider} antwortete {answer} auf den Widerruf</translation>
    </message>
    <message>
      <source>the key of a service account needs the Python package cryptography, or openssl, to sign with</source>
      <translation>der Schlüssel eines Dienstkontos braucht zum Signieren das Python-Paket cryptography oder openssl</translation>
    </message>
    <message>
      <source>Install it with 'python -m pip install cryptography'.</source>
      <translation>Installieren Sie es mit 'python -m pip install cryptography'.</translation>
    </message>
    <message>
      <source>the private key of the service account is not an RSA key that can be read</source>
      <translation>der private Schlüssel des Dienstkontos ist kein lesbarer RSA-Schlüssel</translation>
    </message>
    <message>
      <source>Create a new key for the service account.</source>
      <translation>Erzeugen Sie einen neuen Schlüssel für das Dienstkonto.</translation>
    </message>
    <message>
      <source>memory, until this program ends</source>
      <translation>Arbeitsspeicher, bis dieses Programm endet</translation>
    </message>
    <message>
      <source>the sign-in is not finished after {timeout} s</source>
      <translation>die Anmeldung ist nach {timeout} s nicht beendet</translation>
    </message>
    <message>
      <source>the sign-in broke off ({error})</source>
      <translation>die Anmeldung brach ab ({error})</translation>
    </message>
    <message>
      <source>the {secret} of '{name}' is not kept here</source>
      <translation>hier nicht hinterlegt: {secret} von '{name}'</translation>
    </message>
    <message>
      <source>Give it: 'auth login' asks for it, and so does 'auth edit' for a {secret}.</source>
      <translation>Geben Sie es an: 'auth login' fragt danach, ebenso 'auth edit' ({secret}).</translation>
    </message>
    <message>
      <source>signed in</source>
      <translation>angemeldet</translation>
    </message>
    <message>
      <source>sign-in required: the last one expired</source>
      <translation>Anmeldung nötig: Die letzte ist abgelaufen</translation>
    </message>
    <message>
      <source>{secret} is missing</source>
      <translation>{secret} fehlt</translation>
    </message>
    <message>
      <source>ready</source>
      <translation>bereit</translation>
    </message>
    <message>
      <source>sign-in required</source>
      <translation>Anmeldung nötig</translation>
    </message>
    <message>
      <source>It looks like '{example}'.</source>
      <translation>Es sieht aus wie '{example}'.</translation>
    </message>
    <message>
      <source>there is no template '{name}'</source>
      <translation>es gibt keine Vorlage '{name}'</translation>
    </message>
    <message>
      <source>{label} is '{answer}'</source>
      <translation>{label} ist '{answer}'</translation>
    </message>
    <message>
      <source>Choose one of {names}.</source>
      <translation>Wählen Sie eines von {names}.</translation>
    </message>
    <message>
      <source>It asks for nothing.</source>
      <translation>Sie fragt nach nichts.</translation>
    </message>
    <message>
      <source>There are {names}.</source>
      <translation>Es gibt {names}.</translation>
    </message>
    <message>
      <source>{label} is missing</source>
      <translation>{label} fehlt</translation>
    </message>
    <message>
      <source>{label} is not {expects}</source>
      <translation>{label} passt nicht; erwartet wird {expects}</translation>
    </message>
    <message>
      <source>{label} '{value}' is not {expects}</source>
      <translation>{label} '{value}' passt nicht; erwartet wird {expects}</translation>
    </message>
    <message>
      <source>'{template}' does not ask for '{name}'</source>
      <translation>'{template}' fragt nicht nach '{name}'</translation>
    </message>
    <message>
      <source>It asks for {names}.</source>
      <translation>Gefragt wird nach {names}.</translation>
    </message>
    <message>
      <source>Check the client ID, the client secret and how the secret is sent.</source>
      <translation>Prüfen Sie die Client-ID, das Client-Geheimnis und wie es gesendet wird.</translation>
    </message>
    <message>
      <source>Check the client secret, or ask the provider's administrator to allow this grant.</source>
      <translation>Prüfen Sie das Client-Geheimnis, oder bitten Sie den Verwalter des Anbieters, diesen Grant zu erlauben.</translation>
    </message>
    <message>
      <source>Check the scope in the authentication method.</source>
      <translation>Prüfen Sie den Scope in der Authentifizierung.</translation>
    </message>
    <message>
      <source>Sign in again and allow the access, or ask for the right to it.</source>
      <translation>Melden Sie sich erneut an und erlauben Sie den Zugriff, oder bitten Sie um das Recht dazu.</translation>
    </message>
    <message>
      <source>Choose another grant: this provider does not offer this one.</source>
      <translation>Wählen Sie einen anderen Grant: Diesen bietet der Anbieter nicht.</translation>
    </message>
    <message>
      <source>Check the authentication method against what is registered.</source>
      <translation>Vergleichen Sie die Authentifizierung mit dem, was registriert ist.</translation>
    </message>
    <message>
      <source>redeem the authorization code</source>
      <translation>Den Autorisierungscode einlösen</translation>
    </message>
    <message>
      <source>Check the token endpoint in the authentication method.</source>
      <translation>Prüfen Sie den Token-Endpunkt in der Authentifizierung.</translation>
    </message>
    <message>
      <source>the access was denied at {provider}</source>
      <translation>der Zugriff wurde verweigert ({provider})</translation>
    </message>
    <message>
      <source>{provider} refused</source>
      <translation>{provider} hat abgelehnt</translation>
    </message>
    <message>
      <source>{what}: {words}</source>
      <translation>{what}: {words}</translation>
    </message>
    <message>
      <source>the answer of {provider} breaks the protocol: {cause}</source>
      <translation>die Antwort verletzt das Protokoll ({provider}): {cause}</translation>
    </message>
    <message>
      <source>renew the token</source>
      <translation>Das Token erneuern</translation>
    </message>
    <message>
      <source>get a token for the client</source>
      <translation>Ein Token für den Client holen</translation>
    </message>
    <message>
      <source>get a token for the service account</source>
      <translation>Ein Token für das Dienstkonto holen</translation>
    </message>
    <message>
      <source>the access token has characters that no header can carry</source>
      <translation>das Zugriffstoken hat Zeichen, die kein Kopffeld enthalten kann</translation>
    </message>
    <message>
      <source>the token is of type '{kind}', and only bearer tokens are known here</source>
      <translation>das Token ist von der Art '{kind}', und hier sind nur Bearer-Token bekannt</translation>
    </message>
    <message>
      <source>status {status} with a token</source>
      <translation>Status {status} mit einem Token</translation>
    </message>
    <message>
      <source>status {status} without an access token</source>
      <translation>Status {status} ohne Zugriffstoken</translation>
    </message>
    <message>
      <source>status {status}, and the body is not that of a token</source>
      <translation>Status {status}, und der Inhalt ist nicht der eines Tokens</translation>
    </message>
    <message>
      <source>the sign-in with '{name}' is over, {why}</source>
      <translation>die Anmeldung mit '{name}' ist zu Ende, {why}</translation>
    </message>
    <message>
      <source>nobody is signed in with '{name}'</source>
      <translation>mit '{name}' ist niemand angemeldet</translation>
    </message>
    <message>
      <source>and the provider gave no means to renew it</source>
      <translation>und der Anbieter gab nichts, um sie zu erneuern</translation>
    </message>
    <message>
      <source>the provider does not renew it: {words}</source>
      <translation>der Anbieter erneuert sie nicht: {words}</translation>
    </message>
    <message>
      <source>Weasis knows OAuth 2.0 only, not '{kind}'</source>
      <translation>Weasis kennt nur OAuth 2.0, nicht '{kind}'</translation>
    </message>
    <message>
      <source>Weasis does not know the grant '{grant}'</source>
      <translation>Weasis kennt den Grant '{grant}' nicht</translation>
    </message>
    <message>
      <source>Weasis discovers nothing, and its {missing} is not given</source>
      <translation>Weasis erfragt nichts, und dies ist nicht angegeben: {missing}</translation>
    </message>
    <message>
      <source>its grant is '{word}'</source>
      <translation>ihr Grant ist '{word}'</translation>
    </message>
    <message>
      <source>a method without a name</source>
      <translation>eine Authentifizierung ohne Namen</translation>
    </message>
    <message>
      <source>can be opened by {names}</source>
      <translation>kann geöffnet werden von {names}</translation>
    </message>
    <message>
      <source>Run '{command}'</source>
      <translation>Führen Sie '{command}' aus</translation>
    </message>
    <message>
      <source>belongs to {owner}, who can open it</source>
      <translation>gehört {owner}, und kann dort geöffnet werden</translation>
    </message>
    <message>
      <source>Move it elsewhere, and choose a file anew</source>
      <translation>Verschieben Sie sie, und wählen Sie erneut eine Datei</translation>
    </message>
    <message>
      <source>try the retrieve service</source>
      <translation>Den Abrufdienst prüfen</translation>
    </message>
    <message>
      <source>{levels} can be searched; {across}, without the number of instances; a page has {rows} at most</source>
      <translation>{levels} können gesucht werden; {across}, ohne die Zahl der Instanzen; eine Seite hat höchstens {rows}</translation>
    </message>
    <message>
      <source>gives {units} at once (a study was too large to be tried), as {forms}; {pictures}</source>
      <translation>gibt {units} auf einmal (eine Studie war zu groß für den Versuch), als {forms}; {pictures}</translation>
    </message>
    <message>
      <source>answers, but there is nothing to try it with</source>
      <translation>antwortet, aber es ist nichts da, um es zu erproben</translation>
    </message>
    <message>
      <source>answers, but there is nothing to try it with. It gives single instances: studies and series come when a QIDO-RS node, which lists them, is retrieved by it</source>
      <translation>antwortet, aber es ist nichts da, um es zu erproben. Es gibt einzelne Instanzen: Studien und Serien kommen, wenn ein QIDO-RS-Knoten, der sie auflistet, darüber abgerufen wird</translation>
    </message>
    <message>
      <source>the server does not offer it: nothing can be stored there</source>
      <translation>der Server bietet es nicht: Dort kann nichts gespeichert werden</translation>
    </message>
    <message>
      <source>answers; it has no studies, or none that you may see</source>
      <translation>antwortet; es gibt dort keine Studien, oder keine, die Sie sehen dürfen</translation>
    </message>
    <message>
      <source>studies</source>
      <translation>Studien</translation>
    </message>
    <message>
      <source>series</source>
      <translation>Serien</translation>
    </message>
    <message>
      <source>instances</source>
      <translation>Instanzen</translation>
    </message>
    <message>
      <source>all series</source>
      <translation>alle Serien</translation>
    </message>
    <message>
      <source>all instances</source>
      <translation>alle Instanzen</translation>
    </message>
    <message>
      <source>the instances of a study</source>
      <translation>die Instanzen einer Studie</translation>
    </message>
    <message>
      <source>{across} at once</source>
      <translation>{across} auf einmal</translation>
    </message>
    <message>
      <source>series within their study only</source>
      <translation>Serien nur innerhalb ihrer Studie</translation>
    </message>
    <message>
      <source>{levels} can be searched; {across}, with the number of instances; a page has {rows} at most</source>
      <translation>{levels} können gesucht werden; {across}, mit der Zahl der Instanzen; eine Seite hat höchstens {rows}</translation>
    </message>
    <message>
      <source>a study</source>
      <translation>eine Studie</translation>
    </message>
    <message>
      <source>a series</source>
      <translation>eine Serie</translation>
    </message>
    <message>
      <source>an instance</source>
      <translation>eine Instanz</translation>
    </message>
    <message>
      <source>multipart/related</source>
      <translation>multipart/related</translation>
    </message>
    <message>
      <source>application/dicom</source>
      <translation>application/dicom</translation>
    </message>
    <message>
      <source>thumbnails</source>
      <translation>Vorschaubilder</translation>
    </message>
    <message>
      <source>rendered pictures</source>
      <translation>gerenderte Bilder</translation>
    </message>
    <message>
      <source>no pictures</source>
      <translation>keine Bilder</translation>
    </message>
    <message>
      <source>gives {units} at once, as {forms}; {pictures}</source>
      <translation>gibt {units} auf einmal, als {forms}; {pictures}</translation>
    </message>
    <message>
      <source>cannot be tried without storing something</source>
      <translation>lässt sich nicht erproben, ohne etwas zu speichern</translation>
    </message>
    <message>
      <source>takes instances (tried with an empty message)</source>
      <translation>nimmt Instanzen an (mit einer leeren Nachricht erprobt)</translation>
    </message>
    <message>
      <source>try WADO-URI</source>
      <translation>WADO-URI prüfen</translation>
    </message>
    <message>
      <source>the compressed answer ends in the middle</source>
      <translation>die komprimierte Antwort endet mittendrin</translation>
    </message>
    <message>
      <source>the answer cannot be decompressed ({error})</source>
      <translation>die Antwort lässt sich nicht entpacken ({error})</translation>
    </message>
    <message>
      <source>the answer is compressed with “{coding}”, for which nobody asked</source>
      <translation>die Antwort ist mit „{coding}“ komprimiert, worum niemand gebeten hat</translation>
    </message>
    <message>
      <source>{name} should be {expected} and is {shown}</source>
      <translation>{name} sollte {expected} sein und ist {shown}</translation>
    </message>
    <message>
      <source>an object</source>
      <translation>ein Objekt</translation>
    </message>
    <message>
      <source>an array</source>
      <translation>eine Liste</translation>
    </message>
    <message>
      <source>text</source>
      <translation>Text</translation>
    </message>
    <message>
      <source>a truth value</source>
      <translation>ein Wahrheitswert</translation>
    </message>
    <message>
      <source>null</source>
      <translation>null</translation>
    </message>
    <message>
      <source>the number {number}</source>
      <translation>die Zahl {number}</translation>
    </message>
    <message>
      <source>the answer is {kind} instead of an array of DICOM JSON objects</source>
      <translation>die Antwort ist {kind} statt einer Liste von DICOM-JSON-Objekten</translation>
    </message>
    <message>
      <source>text in a component group of a person name</source>
      <translation>Text in einer Komponentengruppe eines Personennamens</translation>
    </message>
    <message>
      <source>an integer</source>
      <translation>eine ganze Zahl</translation>
    </message>
    <message>
      <source>a number</source>
      <translation>eine Zahl</translation>
    </message>
    <message>
      <source>a person name</source>
      <translation>ein Personenname</translation>
    </message>
    <message>
      <source>text in “BulkDataURI”</source>
      <translation>Text in „BulkDataURI“</translation>
    </message>
    <message>
      <source>a UID</source>
      <translation>eine UID</translation>
    </message>
    <message>
      <source>an object with “vr” and “Value”</source>
      <translation>ein Objekt mit „vr“ und „Value“</translation>
    </message>
    <message>
      <source>an array in “Value”</source>
      <translation>eine Liste in „Value“</translation>
    </message>
    <message>
      <source>row {row} of the answer is {kind} instead of a DICOM JSON object</source>
      <translation>Zeile {row} der Antwort ist {kind} statt eines DICOM-JSON-Objekts</translation>
    </message>
    <message>
      <source>Base64 text in “InlineBinary”</source>
      <translation>Base64-Text in „InlineBinary“</translation>
    </message>
    <message>
      <source>an item</source>
      <translation>ein Element</translation>
    </message>
    <message>
      <source>it was cancelled</source>
      <translation>es wurde abgebrochen</translation>
    </message>
    <message>
      <source>client certificate</source>
      <translation>Client-Zertifikat</translation>
    </message>
    <message>
      <source>CA file</source>
      <translation>CA-Datei</translation>
    </message>
    <message>
      <source>client key</source>
      <translation>Client-Schlüssel</translation>
    </message>
    <message>
      <source>one of its servers has no URL</source>
      <translation>einer seiner Server hat keine URL</translation>
    </message>
    <message>
      <source>servers</source>
      <translation>Server</translation>
    </message>
    <message>
      <source>{value!r} is not text, a number, a date or a list of them</source>
      <translation>{value!r} ist weder Text noch Zahl noch Datum noch eine Liste davon</translation>
    </message>
    <message>
      <source>is not understood</source>
      <translation>wird nicht verstanden</translation>
    </message>
    <message>
      <source>Write it as {example}.</source>
      <translation>Schreiben Sie es als {example}.</translation>
    </message>
    <message>
      <source>{attribute} {value!r} {why}</source>
      <translation>{attribute} {value!r} {why}</translation>
    </message>
    <message>
      <source>{attribute} is a sequence</source>
      <translation>{attribute} ist eine Sequenz</translation>
    </message>
    <message>
      <source>has a character that cannot be searched for</source>
      <translation>enthält ein Zeichen, nach dem nicht gesucht werden kann</translation>
    </message>
    <message>
      <source>takes no wildcards</source>
      <translation>nimmt keine Platzhalter</translation>
    </message>
    <message>
      <source>Leave it out to match anything.</source>
      <translation>Lassen Sie es weg, um alles zu finden.</translation>
    </message>
    <message>
      <source>is not a number</source>
      <translation>ist keine Zahl</translation>
    </message>
    <message>
      <source>is not a date and time</source>
      <translation>ist kein Datum mit Uhrzeit</translation>
    </message>
    <message>
      <source>ends before it begins</source>
      <translation>endet, bevor es beginnt</translation>
    </message>
    <message>
      <source>is not a time of the day</source>
      <translation>ist keine Uhrzeit</translation>
    </message>
    <message>
      <source>Name an attribute in it, such as {attribute}.CodeValue.</source>
      <translation>Nennen Sie ein Attribut darin, etwa {attribute}.CodeValue.</translation>
    </message>
    <message>
      <source>is not a day of the calendar</source>
      <translation>ist kein Tag des Kalenders</translation>
    </message>
    <message>
      <source>the answer has no parts: no boundary stands in it</source>
      <translation>die Antwort hat keine Teile: Es steht keine Grenze darin</translation>
    </message>
    <message>
      <source>the answer ends before its closing delimiter, without any whole part</source>
      <translation>die Antwort endet vor ihrer letzten Grenze, ohne einen ganzen Teil</translation>
    </message>
    <message>
      <source>the answer ends before its closing delimiter, behind 1 whole part</source>
      <translation>die Antwort endet vor ihrer letzten Grenze, nach 1 ganzen Teil</translation>
    </message>
    <message>
      <source>the answer ends before its closing delimiter, behind {count} whole parts</source>
      <translation>die Antwort endet vor ihrer letzten Grenze, nach {count} ganzen Teilen</translation>
    </message>
    <message>
      <source>no boundary stands in the first {passed:,} bytes of the answer</source>
      <translation>in den ersten {passed:,} Bytes der Antwort steht keine Grenze</translation>
    </message>
    <message>
      <source>the head of part {part} is larger than {limit:,} bytes</source>
      <translation>der Kopf von Teil {part} ist größer als {limit:,} Bytes</translation>
    </message>
    <message>
      <source>Send it again when nobody writes to it.</source>
      <translation>Senden Sie sie erneut, wenn niemand in sie schreibt.</translation>
    </message>
    <message>
      <source>{path} changed while it was sent</source>
      <translation>{path} änderte sich, während sie gesendet wurde</translation>
    </message>
    <message>
      <source>{path} cannot be read ({reason})</source>
      <translation>{path} ist nicht lesbar ({reason})</translation>
    </message>
    <message>
      <source>the head of part {part} has a line that is no header field: {text!r}</source>
      <translation>der Kopf von Teil {part} hat eine Zeile, die kein Kopffeld ist: {text!r}</translation>
    </message>
    <message>
      <source>Give a Resource, a text like 'study/series', or what a search has found.</source>
      <translation>Geben Sie eine Resource, einen Text wie „Studie/Serie“ oder etwas an, das eine Suche gefunden hat.</translation>
    </message>
    <message>
      <source>a value of the type {kind} names no study, series or instance</source>
      <translation>ein Wert vom Typ {kind} benennt keine Studie, Serie oder Instanz</translation>
    </message>
    <message>
      <source>study {uid}</source>
      <translation>Studie {uid}</translation>
    </message>
    <message>
      <source>series {uid}</source>
      <translation>Serie {uid}</translation>
    </message>
    <message>
      <source>instance {uid}</source>
      <translation>Instanz {uid}</translation>
    </message>
    <message>
      <source>the answer is a document of type &lt;{root}&gt;, not a DICOM data set</source>
      <translation>die Antwort ist ein Dokument der Art &lt;{root}&gt;, kein DICOM-Datensatz</translation>
    </message>
    <message>
      <source>the answer nests sequences too deeply</source>
      <translation>die Antwort verschachtelt Sequenzen zu tief</translation>
    </message>
    <message>
      <source>the answer {problem}</source>
      <translation>die Antwort {problem}</translation>
    </message>
    <message>
      <source>it is no DICOM file: “DICM” does not stand behind its preamble</source>
      <translation>es ist keine DICOM-Datei: Hinter der Präambel steht nicht „DICM“</translation>
    </message>
    <message>
      <source>its {name} is {uid!r}</source>
      <translation>sein {name} ist {uid!r}</translation>
    </message>
    <message>
      <source>its deflated data set is damaged</source>
      <translation>sein komprimierter Datensatz ist beschädigt</translation>
    </message>
    <message>
      <source>one of its UIDs is longer than a kilobyte</source>
      <translation>eine seiner UIDs ist länger als ein Kilobyte</translation>
    </message>
    <message>
      <source>Type it instead ({label}): it is in the provider's console.</source>
      <translation>Geben Sie es stattdessen ein ({label}): Es steht in der Konsole des Anbieters.</translation>
    </message>
    <message>
      <source>Type it.</source>
      <translation>Geben Sie es ein.</translation>
    </message>
    <message>
      <source>nobody lists what {label} can be</source>
      <translation>niemand listet auf, was hier möglich ist: {label}</translation>
    </message>
    <message>
      <source>{instead} Or ask for the right to list them.</source>
      <translation>{instead} Oder bitten Sie um das Recht, sie aufzulisten.</translation>
    </message>
    <message>
      <source>the answer is not a JSON object</source>
      <translation>die Antwort ist kein JSON-Objekt</translation>
    </message>
    <message>
      <source>the token of the next page is not text</source>
      <translation>das Token der nächsten Seite ist kein Text</translation>
    </message>
    <message>
      <source>list what {label} can be</source>
      <translation>Auflisten, was möglich ist: {label}</translation>
    </message>
    <message>
      <source>more than {most:,} choices</source>
      <translation>mehr als {most:,} Möglichkeiten</translation>
    </message>
    <message>
      <source>the node's {what} {path} is no PEM file</source>
      <translation>im Knoten angegeben, aber keine PEM-Datei: {what} {path}</translation>
    </message>
    <message>
      <source>the node's {what} {path} is not there</source>
      <translation>im Knoten angegeben, aber nicht da: {what} {path}</translation>
    </message>
    <message>
      <source>try what it offers ({offer})</source>
      <translation>Erproben, was er bietet ({offer})</translation>
    </message>
    <message>
      <source>the instance does not come</source>
      <translation>die Instanz kommt nicht</translation>
    </message>
    <message>
      <source>try the store service</source>
      <translation>Den Speicherdienst prüfen</translation>
    </message>
    <message>
      <source>Correct the file, or install the extension again.</source>
      <translation>Berichtigen Sie die Datei, oder installieren Sie die Erweiterung neu.</translation>
    </message>
    <message>
      <source>the provider profile {path} cannot be used: {why}</source>
      <translation>das Anbieterprofil {path} ist nicht verwendbar: {why}</translation>
    </message>
    <message>
      <source>there is no provider profile '{name}'</source>
      <translation>es gibt kein Anbieterprofil '{name}'</translation>
    </message>
    <message>
      <source>it is not a JSON object</source>
      <translation>es ist kein JSON-Objekt</translation>
    </message>
    <message>
      <source>it has no title</source>
      <translation>es hat keinen Titel</translation>
    </message>
    <message>
      <source>a page of {raw} rows</source>
      <translation>eine Seite von {raw} Zeilen</translation>
    </message>
    <message>
      <source>it takes no requests</source>
      <translation>es lässt keine Anfragen zu</translation>
    </message>
    <message>
      <source>it is not JSON: {error}</source>
      <translation>es ist kein JSON: {error}</translation>
    </message>
    <message>
      <source>unknown field '{key}'</source>
      <translation>unbekanntes Feld '{key}'</translation>
    </message>
    <message>
      <source>the field '{key}' is {value!r}</source>
      <translation>das Feld '{key}' ist {value!r}</translation>
    </message>
    <message>
      <source>objects</source>
      <translation>Objekte</translation>
    </message>
    <message>
      <source>the field '{key}' holds something else than {holds}</source>
      <translation>das Feld '{key}' enthält etwas anderes als {holds}</translation>
    </message>
    <message>
      <source>unknown {name} '{value}'</source>
      <translation>unbekannt: {name} '{value}'</translation>
    </message>
    <message>
      <source>names are matched as they are written: this server knows no fuzzy matching</source>
      <translation>Namen werden verglichen, wie sie geschrieben sind: Dieser Server kennt keine unscharfe Suche</translation>
    </message>
    <message>
      <source>series are looked for study by study, because this server knows no other way</source>
      <translation>Serien werden Studie für Studie gesucht, weil dieser Server es nicht anders kann</translation>
    </message>
    <message>
      <source>instances are looked for series by series, because this server knows no other way</source>
      <translation>Instanzen werden Serie für Serie gesucht, weil dieser Server es nicht anders kann</translation>
    </message>
    <message>
      <source>{name} is compared here, because this server cannot: it has to send all that may match</source>
      <translation>{name} wird hier verglichen, weil dieser Server es nicht kann: Er muss alles senden, was passen könnte</translation>
    </message>
    <message>
      <source>Give the study too, or match on SeriesInstanceUID.</source>
      <translation>Geben Sie auch die Studie an, oder suchen Sie nach SeriesInstanceUID.</translation>
    </message>
    <message>
      <source>Modality is an attribute of series, not of studies</source>
      <translation>Modality ist ein Attribut von Serien, nicht von Studien</translation>
    </message>
    <message>
      <source>Match on ModalitiesInStudy, or search for series.</source>
      <translation>Suchen Sie nach ModalitiesInStudy, oder nach Serien.</translation>
    </message>
    <message>
      <source>{name} is {value!r}</source>
      <translation>{name} ist {value!r}</translation>
    </message>
    <message>
      <source>the series {uid} is given without its study</source>
      <translation>die Serie {uid} ist ohne ihre Studie angegeben</translation>
    </message>
    <message>
      <source>Give several values as a list.</source>
      <translation>Geben Sie mehrere Werte als Liste an.</translation>
    </message>
    <message>
      <source>{level} are not searched for within one of the {within}</source>
      <translation>{level} werden nicht innerhalb von {within} gesucht</translation>
    </message>
    <message>
      <source>Give a whole number from {least} on.</source>
      <translation>Geben Sie eine ganze Zahl ab {least} an.</translation>
    </message>
    <message>
      <source>{attribute} is asked for twice</source>
      <translation>{attribute} ist zweimal gefragt</translation>
    </message>
    <message>
      <source>the server redirects in a circle</source>
      <translation>der Server leitet im Kreis weiter</translation>
    </message>
    <message>
      <source>Add that host as a node of its own.</source>
      <translation>Fügen Sie diesen Rechner als eigenen Knoten hinzu.</translation>
    </message>
    <message>
      <source>the server redirects to another host ({origin})</source>
      <translation>der Server leitet an einen anderen Host weiter ({origin})</translation>
    </message>
    <message>
      <source>the server redirects to another host ({origin}), which answered {status}: this node's sign-in is not sent there</source>
      <translation>der Server verweist auf einen anderen Rechner ({origin}), der mit {status} geantwortet hat: Die Anmeldung dieses Knotens wird nicht dorthin gesendet</translation>
    </message>
    <message>
      <source>the server redirects to an address that is none</source>
      <translation>der Server leitet an eine Adresse weiter, die keine ist</translation>
    </message>
    <message>
      <source>the server redirects to a place that is not safe ({place})</source>
      <translation>der Server leitet an eine Stelle weiter, die nicht sicher ist ({place})</translation>
    </message>
    <message>
      <source>{text!r} has more than the three UIDs study/series/instance</source>
      <translation>{text!r} hat mehr als die drei UIDs Studie/Serie/Instanz</translation>
    </message>
    <message>
      <source>not a URL: its host is not written well</source>
      <translation>keine URL: Ihr Host ist nicht richtig geschrieben</translation>
    </message>
    <message>
      <source>there is no study in the URL path {names!r}</source>
      <translation>im URL-Pfad {names!r} steht keine Studie</translation>
    </message>
    <message>
      <source>Ask for less, or raise the node's document limit.</source>
      <translation>Fragen Sie nach weniger, oder heben Sie die Dokumentgrenze des Knotens an.</translation>
    </message>
    <message>
      <source>{origin} answered {media_type}, not DICOMweb</source>
      <translation>{origin} antwortete mit {media_type}, nicht mit DICOMweb</translation>
    </message>
    <message>
      <source>nested too deeply</source>
      <translation>zu tief verschachtelt</translation>
    </message>
    <message>
      <source>the answer is larger than {limit:,} bytes</source>
      <translation>die Antwort ist größer als {limit:,} Bytes</translation>
    </message>
    <message>
      <source>content without a type</source>
      <translation>Inhalt ohne Typ</translation>
    </message>
    <message>
      <source>{host} closed the connection after {count:,} bytes</source>
      <translation>{host} hat die Verbindung nach {count:,} Bytes geschlossen</translation>
    </message>
    <message>
      <source>{told}: “{shown}”</source>
      <translation>{told}: „{shown}“</translation>
    </message>
    <message>
      <source>the answer is not JSON ({reason}): “{shown}”</source>
      <translation>die Antwort ist kein JSON ({reason}): „{shown}“</translation>
    </message>
    <message>
      <source>only {arrived} bytes came in {seconds} s</source>
      <translation>nur {arrived} Bytes kamen in {seconds} s</translation>
    </message>
    <message>
      <source>only {count} {level} came: the server may have more, but no further page of them; narrow the search</source>
      <translation>nur {count} {level} kamen: Der Server hat vielleicht mehr, aber keine weitere Seite davon; grenzen Sie die Suche ein</translation>
    </message>
    <message>
      <source>search {level}</source>
      <translation>{level} suchen</translation>
    </message>
    <message>
      <source>only {count} {level} came: the server has more, but no further page of them (“{said}”); narrow the search</source>
      <translation>nur {count} {level} kamen: Der Server hat mehr, aber keine weitere Seite davon („{said}“); grenzen Sie die Suche ein</translation>
    </message>
    <message>
      <source>the server warns: {said}</source>
      <translation>der Server warnt: {said}</translation>
    </message>
    <message>
      <source>Check the port in the node's URL; a server with TLS is reached with https://, not http://.</source>
      <translation>Prüfen Sie den Port in der URL des Knotens; ein Server mit TLS wird mit https:// erreicht, nicht mit http://.</translation>
    </message>
    <message>
      <source>it is a DICOMDIR, an index of instances</source>
      <translation>es ist ein DICOMDIR, ein Verzeichnis von Instanzen</translation>
    </message>
    <message>
      <source>it is not a DICOM file (PS3.10)</source>
      <translation>es ist keine DICOM-Datei (PS3.10)</translation>
    </message>
    <message>
      <source>store {count} instances</source>
      <translation>{count} Instanzen speichern</translation>
    </message>
    <message>
      <source>store {file}</source>
      <translation>{file} speichern</translation>
    </message>
    <message>
      <source>{said} and did not say what it stored</source>
      <translation>{said} und sagte nicht, was er gespeichert hat</translation>
    </message>
    <message>
      <source>the server knows no such attribute</source>
      <translation>der Server kennt dieses Attribut nicht</translation>
    </message>
    <message>
      <source>an attribute has a value that the server does not take</source>
      <translation>ein Attribut hat einen Wert, den der Server nicht annimmt</translation>
    </message>
    <message>
      <source>the server does not take some of the attributes</source>
      <translation>der Server nimmt einige der Attribute nicht an</translation>
    </message>
    <message>
      <source>the server could not process it</source>
      <translation>der Server konnte sie nicht verarbeiten</translation>
    </message>
    <message>
      <source>the server has an instance with this UID already</source>
      <translation>der Server hat schon eine Instanz mit dieser UID</translation>
    </message>
    <message>
      <source>the server knows no such instance</source>
      <translation>der Server kennt diese Instanz nicht</translation>
    </message>
    <message>
      <source>a value is not valid</source>
      <translation>ein Wert ist nicht gültig</translation>
    </message>
    <message>
      <source>a value is out of range</source>
      <translation>ein Wert liegt außerhalb seiner Grenzen</translation>
    </message>
    <message>
      <source>the UID of the instance is not valid</source>
      <translation>die UID der Instanz ist nicht gültig</translation>
    </message>
    <message>
      <source>the server knows no such SOP class</source>
      <translation>der Server kennt diese SOP-Klasse nicht</translation>
    </message>
    <message>
      <source>the SOP class is not the one that the server knows the instance by</source>
      <translation>die SOP-Klasse ist nicht die, unter der der Server die Instanz kennt</translation>
    </message>
    <message>
      <source>an attribute is missing</source>
      <translation>ein Attribut fehlt</translation>
    </message>
    <message>
      <source>an attribute has no value</source>
      <translation>ein Attribut hat keinen Wert</translation>
    </message>
    <message>
      <source>the server does not store this SOP class</source>
      <translation>der Server speichert diese SOP-Klasse nicht</translation>
    </message>
    <message>
      <source>you are not authorised to store it</source>
      <translation>Sie dürfen sie nicht speichern</translation>
    </message>
    <message>
      <source>the transaction is already in use</source>
      <translation>die Transaktion ist schon in Gebrauch</translation>
    </message>
    <message>
      <source>the request came twice</source>
      <translation>die Anfrage kam zweimal</translation>
    </message>
    <message>
      <source>the server does not know this operation</source>
      <translation>der Server kennt diese Operation nicht</translation>
    </message>
    <message>
      <source>the server does not understand the request</source>
      <translation>der Server versteht die Anfrage nicht</translation>
    </message>
    <message>
      <source>the server has not enough resources</source>
      <translation>der Server hat nicht genug Mittel</translation>
    </message>
    <message>
      <source>the server is out of resources</source>
      <translation>dem Server sind die Mittel ausgegangen</translation>
    </message>
    <message>
      <source>the data set does not match its SOP class</source>
      <translation>der Datensatz passt nicht zu seiner SOP-Klasse</translation>
    </message>
    <message>
      <source>it belongs to another study</source>
      <translation>sie gehört zu einer anderen Studie</translation>
    </message>
    <message>
      <source>the server changed attributes of it</source>
      <translation>der Server hat Attribute geändert</translation>
    </message>
    <message>
      <source>the server left attributes out of it</source>
      <translation>der Server hat Attribute weggelassen</translation>
    </message>
    <message>
      <source>the server has this instance already</source>
      <translation>der Server hat diese Instanz schon</translation>
    </message>
    <message>
      <source>somebody else is storing the same instance at this moment</source>
      <translation>jemand anders speichert gerade dieselbe Instanz</translation>
    </message>
    <message>
      <source>the server does not understand the data set</source>
      <translation>der Server versteht den Datensatz nicht</translation>
    </message>
    <message>
      <source>the server does not store this transfer syntax</source>
      <translation>der Server speichert diese Transfersyntax nicht</translation>
    </message>
    <message>
      <source>{words} (reason {code}H)</source>
      <translation>{words} (Grund {code}H)</translation>
    </message>
    <message>
      <source>the server did not say why</source>
      <translation>der Server sagte nicht, warum</translation>
    </message>
    <message>
      <source>the server gave a reason that is not in the standard</source>
      <translation>der Server nannte einen Grund, der nicht im Standard steht</translation>
    </message>
    <message>
      <source>the answer is JSON, but not of a data set: {beginning}</source>
      <translation>die Antwort ist JSON, aber nicht das eines Datensatzes: {beginning}</translation>
    </message>
    <message>
      <source>the answer is neither DICOM JSON nor XML: {beginning}</source>
      <translation>die Antwort ist weder DICOM-JSON noch XML: {beginning}</translation>
    </message>
    <message>
      <source>it had arrived before</source>
      <translation>sie war schon vorher angekommen</translation>
    </message>
    <message>
      <source>it belongs to another study, {study}</source>
      <translation>sie gehört zu einer anderen Studie, {study}</translation>
    </message>
    <message>
      <source>it cannot be read: {reason}</source>
      <translation>sie ist nicht lesbar: {reason}</translation>
    </message>
    <message>
      <source>Write it as in PS3.6, “PatientName”, or as a tag, “00100010”.</source>
      <translation>Schreiben Sie es wie in PS3.6, „PatientName“, oder als Tag, „00100010“.</translation>
    </message>
    <message>
      <source>there is no attribute {keyword_or_tag!r}</source>
      <translation>es gibt kein Attribut {keyword_or_tag!r}</translation>
    </message>
    <message>
      <source>Did you mean {names}?</source>
      <translation>Meinten Sie {names}?</translation>
    </message>
    <message>
      <source>there is no number before, between or after its dots</source>
      <translation>vor, zwischen oder nach ihren Punkten fehlt eine Zahl</translation>
    </message>
    <message>
      <source>{shown} is not a DICOM UID: {flaw}</source>
      <translation>{shown} ist keine DICOM-UID: {flaw}</translation>
    </message>
    <message>
      <source>it is not text</source>
      <translation>sie ist kein Text</translation>
    </message>
    <message>
      <source>it is empty</source>
      <translation>sie ist leer</translation>
    </message>
    <message>
      <source>it has {character!r} at position {position}, where only digits and dots may be</source>
      <translation>sie hat {character!r} an Stelle {position}, wo nur Ziffern und Punkte stehen dürfen</translation>
    </message>
    <message>
      <source>it has {length} characters, more than {longest}</source>
      <translation>sie hat {length} Zeichen, mehr als {longest}</translation>
    </message>
    <message>
      <source>the server lists an instance that cannot be asked for: {problem}</source>
      <translation>der Server führt eine Instanz auf, nach der nicht gefragt werden kann: {problem}</translation>
    </message>
    <message>
      <source>the server lists a study that cannot be asked for: {problem}</source>
      <translation>der Server führt eine Studie auf, nach der nicht gefragt werden kann: {problem}</translation>
    </message>
    <message>
      <source>the server lists a series that cannot be asked for: {problem}</source>
      <translation>der Server führt eine Serie auf, nach der nicht gefragt werden kann: {problem}</translation>
    </message>
    <message>
      <source>Host</source>
      <translation>Host</translation>
    </message>
    <message>
      <source>a host name or address, with or without a port</source>
      <translation>ein Hostname oder eine Adresse, mit oder ohne Port</translation>
    </message>
    <message>
      <source>Scheme</source>
      <translation>Schema</translation>
    </message>
    <message>
      <source>http or https</source>
      <translation>http oder https</translation>
    </message>
    <message>
      <source>Path</source>
      <translation>Pfad</translation>
    </message>
    <message>
      <source>a path without slashes around it</source>
      <translation>ein Pfad ohne Schrägstriche am Anfang und Ende</translation>
    </message>
    <message>
      <source>'{url}' does not have the parts {names}</source>
      <translation>'{url}' hat nicht die Teile {names}</translation>
    </message>
    <message>
      <source>there is no part '{name}' in this URL</source>
      <translation>in dieser URL gibt es keinen Teil '{name}'</translation>
    </message>
    <message>
      <source>the choices of '{part}' are not found over https with the other parts alone</source>
      <translation>die Möglichkeiten für '{part}' sind nicht über https mit den anderen Teilen allein zu finden</translation>
    </message>
    <message>
      <source>It has {names}.</source>
      <translation>Sie hat {names}.</translation>
    </message>
    <message>
      <source>its URL '{url}' does not have the parts {names}, each once</source>
      <translation>ihre URL '{url}' hat nicht die Teile {names}, jeden einmal</translation>
    </message>
    <message>
      <source>a part of its URL is wrong: {problem}</source>
      <translation>ein Teil seiner URL ist falsch: {problem}</translation>
    </message>
    <message>
      <source>This looks like the address of something in a service. The URL of a node is what stands in front of /studies: {url}</source>
      <translation>Das sieht nach der Adresse von etwas in einem Dienst aus. Die URL eines Knotens ist, was vor /studies steht: {url}</translation>
    </message>
    <message>
      <source>Orthanc itself is there; its DICOMweb service is usually at {url}</source>
      <translation>Dort ist Orthanc selbst; sein DICOMweb-Dienst ist meist unter {url}</translation>
    </message>
    <message>
      <source>This is not the usual URL of {provider}, which looks like {example}</source>
      <translation>Das ist nicht die übliche URL von {provider}; sie sieht so aus: {example}</translation>
    </message>
    <message>
      <source>read the metadata of {resource}</source>
      <translation>Die Metadaten lesen: {resource}</translation>
    </message>
    <message>
      <source>the server names a place for bulk data that is not below its studies</source>
      <translation>der Server nennt für Massendaten eine Stelle, die nicht unter seinen Studien liegt</translation>
    </message>
    <message>
      <source>retrieve bulk data</source>
      <translation>Massendaten abrufen</translation>
    </message>
    <message>
      <source>the instance ends in the middle, and nothing else said where it should</source>
      <translation>die Instanz endet mittendrin, und nichts anderes sagte, wo sie enden sollte</translation>
    </message>
    <message>
      <source>show {resource}</source>
      <translation>{resource} anzeigen</translation>
    </message>
    <message>
      <source>retrieve {resource}</source>
      <translation>{resource} abrufen</translation>
    </message>
    <message>
      <source>retrieve frames of {resource}</source>
      <translation>Einzelbilder abrufen: {resource}</translation>
    </message>
    <message>
      <source>Sign in, then try again.</source>
      <translation>Melden Sie sich an und versuchen Sie es dann erneut.</translation>
    </message>
    <message>
      <source>Start the sign-in again and finish it in the browser.</source>
      <translation>Beginnen Sie die Anmeldung erneut und beenden Sie sie im Browser.</translation>
    </message>
    <message>
      <source>'auth list' shows the authentication methods there are.</source>
      <translation>'auth list' zeigt, welche Authentifizierungen es gibt.</translation>
    </message>
    <message>
      <source>Give these nodes another authentication first.</source>
      <translation>Geben Sie diesen Knoten zuerst eine andere Authentifizierung.</translation>
    </message>
    <message>
      <source>Use https in the node's URL, or allow this node to send its credential over plain http.</source>
      <translation>Verwenden Sie https in der URL des Knotens, oder erlauben Sie ihm, seine Anmeldedaten über unverschlüsseltes http zu senden.</translation>
    </message>
    <message>
      <source>{cause}. {next_step}</source>
      <translation>{cause}. {next_step}</translation>
    </message>
    <message>
      <source>{cause}.</source>
      <translation>{cause}.</translation>
    </message>
    <message>
      <source>could not {asked}: {said}</source>
      <translation>„{asked}“ ist fehlgeschlagen: {said}</translation>
    </message>
    <message>
      <source>{node}: {said}</source>
      <translation>{node}: {said}</translation>
    </message>
    <message>
      <source>Check the network and the node's URL.</source>
      <translation>Prüfen Sie das Netz und die URL des Knotens.</translation>
    </message>
    <message>
      <source>Check the host name in the node's URL, and the network (VPN?).</source>
      <translation>Prüfen Sie den Hostnamen in der URL des Knotens und das Netz (VPN?).</translation>
    </message>
    <message>
      <source>Check the port in the node's URL and that the server is running.</source>
      <translation>Prüfen Sie den Port in der URL des Knotens und ob der Server läuft.</translation>
    </message>
    <message>
      <source>Try again; a transfer resumes where it was.</source>
      <translation>Versuchen Sie es erneut; eine Übertragung geht weiter, wo sie war.</translation>
    </message>
    <message>
      <source>Try again, or raise the node's timeouts.</source>
      <translation>Versuchen Sie es erneut, oder geben Sie dem Knoten mehr Zeit.</translation>
    </message>
    <message>
      <source>Give the node the CA file of your institution, or correct the host name in its URL.</source>
      <translation>Geben Sie dem Knoten die CA-Datei Ihrer Einrichtung, oder berichtigen Sie den Hostnamen in seiner URL.</translation>
    </message>
    <message>
      <source>Check the port in the node's URL; a server without TLS is reached with http://, not https://.</source>
      <translation>Prüfen Sie den Port in der URL des Knotens; ein Server ohne TLS wird mit http:// erreicht, nicht mit https://.</translation>
    </message>
    <message>
      <source>Check the node's proxy.</source>
      <translation>Prüfen Sie den Proxy des Knotens.</translation>
    </message>
    <message>
      <source>Give its user name and password beside the node's proxy; or in the environment, as HTTPS_PROXY=http://NAME:PASSWORD@HOST:PORT (and HTTP_PROXY for http), and start again.</source>
      <translation>Geben Sie Benutzernamen und Passwort beim Proxy des Knotens an; oder in der Umgebung, als HTTPS_PROXY=http://NAME:PASSWORT@HOST:PORT (und HTTP_PROXY für http), und starten Sie neu.</translation>
    </message>
    <message>
      <source>Please report this.</source>
      <translation>Bitte melden Sie dies.</translation>
    </message>
    <message>
      <source>unexpected {kind}: {problem}</source>
      <translation>unerwartet: {kind}: {problem}</translation>
    </message>
    <message>
      <source>The server does not offer this; choose another node for it.</source>
      <translation>Der Server bietet das nicht an; wählen Sie dafür einen anderen Knoten.</translation>
    </message>
    <message>
      <source>{host}: {reason}</source>
      <translation>{host}: {reason}</translation>
    </message>
    <message>
      <source>the proxy did not connect to {host}: {reason}</source>
      <translation>der Proxy verband nicht mit {host}: {reason}</translation>
    </message>
    <message>
      <source>the proxy on the way to {host} wants a user name and a password, or others</source>
      <translation>der Proxy auf dem Weg zu {host} verlangt einen Benutzernamen und ein Kennwort, oder andere</translation>
    </message>
    <message>
      <source>no secure connection to {host}: {reason}</source>
      <translation>keine sichere Verbindung zu {host}: {reason}</translation>
    </message>
    <message>
      <source>{host} sent nothing for too long</source>
      <translation>{host} hat zu lange nichts gesendet</translation>
    </message>
    <message>
      <source>{host} closed the connection</source>
      <translation>{host} hat die Verbindung geschlossen</translation>
    </message>
    <message>
      <source>the answer of {host} cannot be decoded: {reason}</source>
      <translation>die Antwort von {host} lässt sich nicht entschlüsseln: {reason}</translation>
    </message>
    <message>
      <source>the server answered {answer} (“{said}”)</source>
      <translation>der Server antwortete {answer} („{said}“)</translation>
    </message>
    <message>
      <source>the server answered {answer}</source>
      <translation>der Server antwortete {answer}</translation>
    </message>
    <message>
      <source>the proxy on the way to {host} closed the connection</source>
      <translation>der Proxy auf dem Weg zu {host} hat die Verbindung geschlossen</translation>
    </message>
    <message>
      <source>{host} does not speak TLS, which https needs</source>
      <translation>{host} spricht kein TLS, das https braucht</translation>
    </message>
    <message>
      <source>{host} could not be reached in time</source>
      <translation>{host} war nicht rechtzeitig erreichbar</translation>
    </message>
    <message>
      <source>nothing listens at {host}</source>
      <translation>unter {host} antwortet niemand</translation>
    </message>
    <message>
      <source>no computer is known as {host}</source>
      <translation>kein Rechner ist als {host} bekannt</translation>
    </message>
    <message>
      <source>there is no route to {host}</source>
      <translation>es gibt keinen Weg zu {host}</translation>
    </message>
    <message>
      <source>Check the path in the node's URL: a DICOMweb service often lives under /dicom-web or /rs.</source>
      <translation>Prüfen Sie den Pfad in der URL des Knotens: Ein DICOMweb-Dienst liegt oft unter /dicom-web oder /rs.</translation>
    </message>
    <message>
      <source>Check the node's URL, and what was asked for.</source>
      <translation>Prüfen Sie die URL des Knotens und wonach gefragt wurde.</translation>
    </message>
    <message>
      <source>Sign in, or check the user name, password or token of this node.</source>
      <translation>Melden Sie sich an, oder prüfen Sie Benutzername, Kennwort oder Token dieses Knotens.</translation>
    </message>
    <message>
      <source>Ask the server's administrator for the right to do this.</source>
      <translation>Bitten Sie den Verwalter des Servers um das Recht dazu.</translation>
    </message>
    <message>
      <source>Check the node's URL and the identifiers.</source>
      <translation>Prüfen Sie die URL des Knotens und die Kennungen.</translation>
    </message>
    <message>
      <source>Choose another transfer syntax in the node's advanced settings.</source>
      <translation>Wählen Sie in den erweiterten Einstellungen des Knotens eine andere Transfersyntax.</translation>
    </message>
    <message>
      <source>Ask the server's administrator to bring it back from the archive.</source>
      <translation>Bitten Sie den Verwalter des Servers, es aus dem Archiv zurückzuholen.</translation>
    </message>
    <message>
      <source>Narrow the search, or send smaller batches.</source>
      <translation>Grenzen Sie die Suche ein, oder senden Sie kleinere Mengen.</translation>
    </message>
    <message>
      <source>Wait a little and try again; fewer parallel series help.</source>
      <translation>Warten Sie ein wenig und versuchen Sie es erneut; weniger gleichzeitige Serien helfen.</translation>
    </message>
    <message>
      <source>Try again later; if it stays, the server's log tells its administrator why.</source>
      <translation>Versuchen Sie es später erneut; bleibt es dabei, so sagt das Protokoll des Servers seinem Verwalter, warum.</translation>
    </message>
    <message>
      <source>If the server has moved, put the new address into the node's URL.</source>
      <translation>Ist der Server umgezogen, so tragen Sie die neue Adresse in die URL des Knotens ein.</translation>
    </message>
    <message>
      <source>'nodes list' shows the nodes there are.</source>
      <translation>'nodes list' zeigt, welche Knoten es gibt.</translation>
    </message>
    <message>
      <source>Duplicate it and change the copy.</source>
      <translation>Duplizieren Sie ihn und ändern Sie die Kopie.</translation>
    </message>
    <message>
      <source>Use a node whose service type offers it.</source>
      <translation>Verwenden Sie einen Knoten, dessen Diensttyp es bietet.</translation>
    </message>
    <message>
      <source>Start it again to resume where it was.</source>
      <translation>Starten Sie es erneut; es geht weiter, wo es war.</translation>
    </message>
    <message>
      <source>Free some space or choose another folder, then start it again: it resumes where it was.</source>
      <translation>Schaffen Sie Platz oder wählen Sie einen anderen Ordner, und starten Sie es erneut: Es geht weiter, wo es war.</translation>
    </message>
    <message>
      <source>Choose a folder that you may write to.</source>
      <translation>Wählen Sie einen Ordner, in den Sie schreiben dürfen.</translation>
    </message>
    <message>
      <source>Start it again: what is there already is not fetched twice.</source>
      <translation>Starten Sie es erneut: Was schon da ist, wird nicht noch einmal geholt.</translation>
    </message>
    <message>
      <source>Try again: the worker starts anew, and a transfer resumes where it was.</source>
      <translation>Versuchen Sie es erneut: Der Arbeitsprozess startet neu, und eine Übertragung geht weiter, wo sie war.</translation>
    </message>
    <message>
      <source>the address of a file in the link is none</source>
      <translation>die Adresse einer Datei im Link ist keine</translation>
    </message>
    <message>
      <source>the link's command {prog} has options that are not known here</source>
      <translation>der Befehl {prog} des Links hat Optionen, die hier nicht bekannt sind</translation>
    </message>
    <message>
      <source>the link is too long</source>
      <translation>der Link ist zu lang</translation>
    </message>
    <message>
      <source>the link has no command that fetches anything</source>
      <translation>der Link hat keinen Befehl, der etwas holt</translation>
    </message>
    <message>
      <source>{names} and {count} more</source>
      <translation>{names} und {count} weitere</translation>
    </message>
    <message>
      <source>the link does not say which studies it wants</source>
      <translation>der Link sagt nicht, welche Studien er will</translation>
    </message>
    <message>
      <source>a command of the link has a quote without its end</source>
      <translation>in einem Befehl des Links fehlt ein schließendes Anführungszeichen</translation>
    </message>
    <message>
      <source>It names files of this computer, which are not opened by a link: {paths}. If you know them, open them with the DICOM module, Import DICOM files.</source>
      <translation>Er nennt Dateien dieses Rechners, die ein Link nicht öffnet: {paths}. Wenn Sie sie kennen, öffnen Sie sie mit dem DICOM-Modul, Import DICOM files.</translation>
    </message>
    <message>
      <source>It wants the folders beside Weasis's own program; open them with the DICOM module, Import DICOM files.</source>
      <translation>Er will die Ordner neben dem Programm von Weasis; öffnen Sie sie mit dem DICOM-Modul, Import DICOM files.</translation>
    </message>
    <message>
      <source>It names an archive, which is not unpacked here: {addresses}. Download and unpack it, then open the folder with the DICOM module, Import DICOM files.</source>
      <translation>Er nennt ein Archiv, das hier nicht entpackt wird: {addresses}. Laden Sie es herunter, entpacken Sie es und öffnen Sie den Ordner mit dem DICOM-Modul, Import DICOM files.</translation>
    </message>
    <message>
      <source>the manifest in the link is not Base64</source>
      <translation>das Manifest im Link ist kein Base64</translation>
    </message>
    <message>
      <source>It has additional parameters, which DICOMweb does not know; they are not sent.</source>
      <translation>Es hat zusätzliche Parameter, die DICOMweb nicht kennt; sie werden nicht gesendet.</translation>
    </message>
    <message>
      <source>It names a sign-in of Weasis; the one of the node is used.</source>
      <translation>Es nennt eine Anmeldung von Weasis; verwendet wird die des Knotens.</translation>
    </message>
    <message>
      <source>a header of the link has no value</source>
      <translation>ein Kopffeld des Links hat keinen Wert</translation>
    </message>
    <message>
      <source>a header of the link cannot be sent: {cause}</source>
      <translation>ein Kopffeld des Links lässt sich nicht senden: {cause}</translation>
    </message>
    <message>
      <source>the server has none of what the manifest asks for</source>
      <translation>der Server hat nichts von dem, was das Manifest verlangt</translation>
    </message>
    <message>
      <source>{file} does not say to which study it belongs</source>
      <translation>{file} sagt nicht, zu welcher Studie sie gehört</translation>
    </message>
    <message>
      <source>open the manifest at {origin}</source>
      <translation>Das Manifest auf {origin} öffnen</translation>
    </message>
    <message>
      <source>the link names nothing to fetch from a server</source>
      <translation>der Link nennt nichts, was von einem Server zu holen wäre</translation>
    </message>
    <message>
      <source>there is no manifest or link</source>
      <translation>es ist weder ein Manifest noch ein Link angegeben</translation>
    </message>
    <message>
      <source>Give a file, an address or a link.</source>
      <translation>Geben Sie eine Datei, eine Adresse oder einen Link an.</translation>
    </message>
    <message>
      <source>the link names a manifest that is not on a web server</source>
      <translation>der Link nennt ein Manifest, das nicht auf einem Webserver liegt</translation>
    </message>
    <message>
      <source>Check the path.</source>
      <translation>Prüfen Sie den Pfad.</translation>
    </message>
    <message>
      <source>cannot read {path}: {reason}</source>
      <translation>nicht lesbar: {path}: {reason}</translation>
    </message>
    <message>
      <source>the manifest is larger than {size} MB</source>
      <translation>das Manifest ist größer als {size} MB</translation>
    </message>
    <message>
      <source>It wants to replace attributes of the instances; they are kept as the server has them.</source>
      <translation>Es will Attribute der Instanzen ersetzen; sie bleiben, wie der Server sie hat.</translation>
    </message>
    <message>
      <source>the manifest names nothing to fetch</source>
      <translation>das Manifest nennt nichts, was zu holen wäre</translation>
    </message>
    <message>
      <source>a file in it has no valid address</source>
      <translation>eine Datei darin hat keine gültige Adresse</translation>
    </message>
    <message>
      <source>its additional parameters are no query</source>
      <translation>seine zusätzlichen Parameter sind keine Abfrage</translation>
    </message>
    <message>
      <source>It says: {words}</source>
      <translation>Es sagt: {words}</translation>
    </message>
    <message>
      <source>a file in it is not below {root}</source>
      <translation>eine Datei darin liegt nicht unter {root}</translation>
    </message>
    <message>
      <source>its root is “{root}”, not “manifest”</source>
      <translation>seine Wurzel ist „{root}“, nicht „manifest“</translation>
    </message>
    <message>
      <source>the manifest cannot be used: {cause}</source>
      <translation>das Manifest ist nicht verwendbar: {cause}</translation>
    </message>
    <message>
      <source>{count} of its series name no instances, which WADO-URI needs.</source>
      <translation>{count} seiner Serien nennen keine Instanzen, die WADO-URI braucht.</translation>
    </message>
    <message>
      <source>the manifest names more than {most:,} instances</source>
      <translation>das Manifest nennt mehr als {most:,} Instanzen</translation>
    </message>
    <message>
      <source>its login is not Base64</source>
      <translation>seine Anmeldung ist kein Base64</translation>
    </message>
    <message>
      <source>A header of it is not sent: {cause}.</source>
      <translation>Ein Kopffeld daraus wird nicht gesendet: {cause}.</translation>
    </message>
    <message>
      <source>{host} is asked over plain http: what comes from there can be read and changed on the way.</source>
      <translation>{host} wird über unverschlüsseltes http gefragt: Was von dort kommt, kann unterwegs gelesen und verändert werden.</translation>
    </message>
    <message>
      <source>Ask for a manifest with https, or allow it for this time.</source>
      <translation>Bitten Sie um ein Manifest mit https, oder erlauben Sie es für dieses Mal.</translation>
    </message>
    <message>
      <source>its sign-in for {url} would travel over plain http: everybody on the way could read it</source>
      <translation>seine Anmeldung für {url} ginge über unverschlüsseltes http: Jeder auf dem Weg könnte sie lesen</translation>
    </message>
    <message>
      <source>Its own sign-in is not used: the node “{node}” has one.</source>
      <translation>Seine eigene Anmeldung wird nicht verwendet: Der Knoten „{node}“ hat eine.</translation>
    </message>
    <message>
      <source>the JSON is no manifest</source>
      <translation>das JSON ist kein Manifest</translation>
    </message>
    <message>
      <source>the manifest is nested too deeply</source>
      <translation>das Manifest ist zu tief verschachtelt</translation>
    </message>
    <message>
      <source>the manifest's gzip data is damaged</source>
      <translation>die gzip-Daten des Manifests sind beschädigt</translation>
    </message>
    <message>
      <source>the manifest is not JSON</source>
      <translation>das Manifest ist kein JSON</translation>
    </message>
    <message>
      <source>the manifest {problem}</source>
      <translation>das Manifest {problem}</translation>
    </message>
    <message>
      <source>the manifest ends in the middle of its gzip data</source>
      <translation>das Manifest endet mitten in seinen gzip-Daten</translation>
    </message>
    <message>
      <source>the manifest unpacks to more than {size} MB</source>
      <translation>das Manifest ist entpackt größer als {size} MB</translation>
    </message>
    <message>
      <source>a header has not both a name and a value</source>
      <translation>einem Kopffeld fehlt Name oder Wert</translation>
    </message>
    <message>
      <source>a node is a JSON object, and this is {raw!r}</source>
      <translation>ein Knoten ist ein JSON-Objekt, und dies ist {raw!r}</translation>
    </message>
    <message>
      <source>{field_name} is {value!r}</source>
      <translation>{field_name} ist {value!r}</translation>
    </message>
    <message>
      <source>the node has no {name}</source>
      <translation>dem Knoten fehlt {name}</translation>
    </message>
    <message>
      <source>another node before it has its name or its uid</source>
      <translation>ein Knoten davor hat seinen Namen oder seine uid</translation>
    </message>
    <message>
      <source>a node needs a name</source>
      <translation>ein Knoten braucht einen Namen</translation>
    </message>
    <message>
      <source>Give it one that tells you the server.</source>
      <translation>Geben Sie ihm einen, der Ihnen den Server nennt.</translation>
    </message>
    <message>
      <source>letters, digits, '.', '_' and '-'</source>
      <translation>Buchstaben, Ziffern, '.', '_' und '-'</translation>
    </message>
    <message>
      <source>{field_name} is {value!r}, not text</source>
      <translation>{field_name} ist {value!r}, kein Text</translation>
    </message>
    <message>
      <source>{field_name} {value!r} has a control character inside</source>
      <translation>{field_name} {value!r} enthält ein Steuerzeichen</translation>
    </message>
    <message>
      <source>{field_name} is {value!r}, not a number of seconds</source>
      <translation>{field_name} ist {value!r}, keine Zahl von Sekunden</translation>
    </message>
    <message>
      <source>{field_name} is {value!r} seconds</source>
      <translation>{field_name} ist {value!r} Sekunden</translation>
    </message>
    <message>
      <source>rows, or none for the provider's</source>
      <translation>Zeilen, oder nichts für die des Anbieters</translation>
    </message>
    <message>
      <source>It holds {holds}.</source>
      <translation>Möglich ist: {holds}.</translation>
    </message>
    <message>
      <source>Give more than 0 and at most {most}.</source>
      <translation>Geben Sie mehr als 0 und höchstens {most} an.</translation>
    </message>
    <message>
      <source>Give a whole number from 1 to {most}: {unit}.</source>
      <translation>Geben Sie eine ganze Zahl von 1 bis {most} an: {unit}.</translation>
    </message>
    <message>
      <source>it comes from the node's URL</source>
      <translation>es ergibt sich aus der URL des Knotens</translation>
    </message>
    <message>
      <source>it is computed for each request</source>
      <translation>es wird für jede Anfrage berechnet</translation>
    </message>
    <message>
      <source>it belongs to a single connection (RFC 9110 section 7.6.1)</source>
      <translation>es gehört zu einer einzelnen Verbindung (RFC 9110, Abschnitt 7.6.1)</translation>
    </message>
    <message>
      <source>a header has no name</source>
      <translation>ein Kopffeld hat keinen Namen</translation>
    </message>
    <message>
      <source>A name holds letters, digits and hyphens; the value goes apart.</source>
      <translation>Ein Name besteht aus Buchstaben, Ziffern und Bindestrichen; der Wert gehört in sein eigenes Feld.</translation>
    </message>
    <message>
      <source>Remove it.</source>
      <translation>Entfernen Sie es.</translation>
    </message>
    <message>
      <source>Remove line breaks, control characters and characters beyond Latin-1.</source>
      <translation>Entfernen Sie Zeilenumbrüche, Steuerzeichen und Zeichen jenseits von Latin-1.</translation>
    </message>
    <message>
      <source>Put both values into one, separated by a comma.</source>
      <translation>Setzen Sie beide Werte in eines, durch ein Komma getrennt.</translation>
    </message>
    <message>
      <source>'{start}' is followed by {wrong!r}</source>
      <translation>auf '{start}' folgt {wrong!r}</translation>
    </message>
    <message>
      <source>a name begins with {wrong!r}</source>
      <translation>ein Name beginnt mit {wrong!r}</translation>
    </message>
    <message>
      <source>not the name of a header: {shown}</source>
      <translation>kein Name eines Kopffelds: {shown}</translation>
    </message>
    <message>
      <source>the header '{name}' cannot be configured: {reason}</source>
      <translation>das Kopffeld '{name}' lässt sich nicht einstellen: {reason}</translation>
    </message>
    <message>
      <source>the value of the header '{name}' is not text</source>
      <translation>der Wert des Kopffelds '{name}' ist kein Text</translation>
    </message>
    <message>
      <source>the value of the header '{name}' has the character {character!r} at position {position}, which HTTP does not carry</source>
      <translation>der Wert des Kopffelds '{name}' hat das Zeichen {character!r} an Stelle {position}, das HTTP nicht überträgt</translation>
    </message>
    <message>
      <source>the header '{name}' is given twice</source>
      <translation>das Kopffeld '{name}' ist zweimal angegeben</translation>
    </message>
    <message>
      <source>there is no file {path}</source>
      <translation>es gibt keine Datei {path}</translation>
    </message>
    <message>
      <source>Choose a file to which DICOMWebNodes or Weasis has exported nodes.</source>
      <translation>Wählen Sie eine Datei, in die DICOMWebNodes oder Weasis Knoten exportiert hat.</translation>
    </message>
    <message>
      <source>its root is &lt;{tag}&gt;</source>
      <translation>ihre Wurzel ist &lt;{tag}&gt;</translation>
    </message>
    <message>
      <source>{path} cannot be imported: {cause}</source>
      <translation>{path} lässt sich nicht importieren: {cause}</translation>
    </message>
    <message>
      <source>it {problem}</source>
      <translation>sie {problem}</translation>
    </message>
    <message>
      <source>it is here already, as '{twin}'</source>
      <translation>es ist schon da, als '{twin}'</translation>
    </message>
    <message>
      <source>a node without a name</source>
      <translation>ein Knoten ohne Namen</translation>
    </message>
    <message>
      <source>Choose one that can retrieve.</source>
      <translation>Wählen Sie einen, der abrufen kann.</translation>
    </message>
    <message>
      <source>Correct it there, or use the version that wrote it.</source>
      <translation>Berichtigen Sie ihn dort, oder verwenden Sie die Version, die ihn geschrieben hat.</translation>
    </message>
    <message>
      <source>there is no node '{name_or_uid}'</source>
      <translation>es gibt keinen Knoten '{name_or_uid}'</translation>
    </message>
    <message>
      <source>its retrieve partner, the node with the uid '{uid}', does not exist</source>
      <translation>sein Abrufpartner, der Knoten mit der uid '{uid}', existiert nicht</translation>
    </message>
    <message>
      <source>it is in the file of nodes but cannot be used: {reason}</source>
      <translation>er steht in der Datei der Knoten, ist aber nicht verwendbar: {reason}</translation>
    </message>
    <message>
      <source>there is a node with the uid '{uid}' already</source>
      <translation>es gibt schon einen Knoten mit der uid '{uid}'</translation>
    </message>
    <message>
      <source>'{name}' is predefined and cannot be changed</source>
      <translation>'{name}' ist vordefiniert und lässt sich nicht ändern</translation>
    </message>
    <message>
      <source>there is a node named '{node}' already</source>
      <translation>es gibt schon einen Knoten namens '{node}'</translation>
    </message>
    <message>
      <source>its retrieve partner '{partner}' is of type '{type}'</source>
      <translation>sein Abrufpartner '{partner}' ist vom Typ '{type}'</translation>
    </message>
    <message>
      <source>'{node}' retrieves what '{name}' finds</source>
      <translation>'{node}' ruft ab, was '{name}' findet</translation>
    </message>
    <message>
      <source>Give '{name}' another retrieve partner first.</source>
      <translation>Geben Sie '{name}' zuerst einen anderen Abrufpartner.</translation>
    </message>
    <message>
      <source>there is a user name for a proxy, and no proxy</source>
      <translation>es gibt einen Benutzernamen für einen Proxy, aber keinen Proxy</translation>
    </message>
    <message>
      <source>Give the proxy's host and port: its password is told to no other one.</source>
      <translation>Geben Sie Host und Port des Proxys an: Sein Passwort erfährt kein anderer.</translation>
    </message>
    <message>
      <source>the uid of another node</source>
      <translation>die uid eines anderen Knotens</translation>
    </message>
    <message>
      <source>Only a QIDO-RS node has one: what it finds, another node retrieves.</source>
      <translation>Nur ein QIDO-RS-Knoten hat einen: Was er findet, ruft ein anderer Knoten ab.</translation>
    </message>
    <message>
      <source>the node is its own retrieve partner</source>
      <translation>der Knoten ist sein eigener Abrufpartner</translation>
    </message>
    <message>
      <source>megabytes</source>
      <translation>Megabyte</translation>
    </message>
    <message>
      <source>small letters, digits and '-'</source>
      <translation>kleine Buchstaben, Ziffern und '-'</translation>
    </message>
    <message>
      <source>a UID, or '*' for as stored</source>
      <translation>eine UID, oder '*' für wie gespeichert</translation>
    </message>
    <message>
      <source>tls is {tls!r}, not TLS settings</source>
      <translation>tls ist {tls!r}, keine TLS-Einstellungen</translation>
    </message>
    <message>
      <source>secret_headers is {secret_headers!r}, no list of names</source>
      <translation>secret_headers ist {secret_headers!r}, keine Liste von Namen</translation>
    </message>
    <message>
      <source>the user name '{user}' has a colon (RFC 7617 section 2)</source>
      <translation>der Benutzername '{user}' hat einen Doppelpunkt (RFC 7617, Abschnitt 2)</translation>
    </message>
    <message>
      <source>{service_type!r} is not a service type</source>
      <translation>{service_type!r} ist kein Diensttyp</translation>
    </message>
    <message>
      <source>a node of type '{type}' has a retrieve partner</source>
      <translation>ein Knoten vom Typ '{type}' hat einen Abrufpartner</translation>
    </message>
    <message>
      <source>{path} cannot be used: {cause}</source>
      <translation>{path} ist nicht verwendbar: {cause}</translation>
    </message>
    <message>
      <source>the node '{name}' in {path} is wrong: {reason}</source>
      <translation>der Knoten '{name}' in {path} ist falsch: {reason}</translation>
    </message>
    <message>
      <source>a node of type “{type}” cannot retrieve</source>
      <translation>ein Knoten vom Typ „{type}“ kann nicht abrufen</translation>
    </message>
    <message>
      <source>a node of type “{type}” cannot search</source>
      <translation>ein Knoten vom Typ „{type}“ kann nicht suchen</translation>
    </message>
    <message>
      <source>a node of type “{type}” cannot store</source>
      <translation>ein Knoten vom Typ „{type}“ kann nicht speichern</translation>
    </message>
    <message>
      <source>Edit the node and choose the node that retrieves what this one finds.</source>
      <translation>Bearbeiten Sie den Knoten und wählen Sie den Knoten, der abruft, was dieser findet.</translation>
    </message>
    <message>
      <source>'{text}' is not a service type</source>
      <translation>'{text}' ist kein Diensttyp</translation>
    </message>
    <message>
      <source>Import it with those: 'nodes import', or the window.</source>
      <translation>Importieren Sie sie mit diesen: 'nodes import', oder im Fenster.</translation>
    </message>
    <message>
      <source>nodes</source>
      <translation>Knoten</translation>
    </message>
    <message>
      <source>{path} holds authentication methods</source>
      <translation>{path} enthält Authentifizierungen</translation>
    </message>
    <message>
      <source>Give the certificate that belongs to the key.</source>
      <translation>Geben Sie das Zertifikat an, das zum Schlüssel gehört.</translation>
    </message>
    <message>
      <source>there is a client key, '{client_key}', and no client certificate</source>
      <translation>es gibt einen Client-Schlüssel, '{client_key}', und kein Client-Zertifikat</translation>
    </message>
    <message>
      <source>a URL of {length} characters, more than {limit}</source>
      <translation>eine URL von {length} Zeichen, mehr als {limit}</translation>
    </message>
    <message>
      <source>Give the base URL of the service.</source>
      <translation>Geben Sie die Basis-URL des Dienstes an.</translation>
    </message>
    <message>
      <source>'{shown}' is followed by a query or a fragment</source>
      <translation>auf '{shown}' folgt eine Abfrage oder ein Fragment</translation>
    </message>
    <message>
      <source>Give the URL up to the '?' or '#'.</source>
      <translation>Geben Sie die URL bis zum '?' oder '#' an.</translation>
    </message>
    <message>
      <source>'{shown}' has '.' or '..' in its path</source>
      <translation>'{shown}' hat '.' oder '..' in seinem Pfad</translation>
    </message>
    <message>
      <source>Write the path in full.</source>
      <translation>Schreiben Sie den Pfad aus.</translation>
    </message>
    <message>
      <source>'{shown}' has a '%' without two hexadecimal digits behind it</source>
      <translation>in '{shown}' steht ein '%' ohne zwei Hexadezimalziffern dahinter</translation>
    </message>
    <message>
      <source>Write a plain '%' as '%25'.</source>
      <translation>Schreiben Sie ein einfaches '%' als '%25'.</translation>
    </message>
    <message>
      <source>there is no URL</source>
      <translation>es fehlt die URL</translation>
    </message>
    <message>
      <source>Give one like 'https://host/dicom-web'.</source>
      <translation>Geben Sie eine wie 'https://host/dicom-web' an.</translation>
    </message>
    <message>
      <source>a URL with a space, a backslash or a control character inside</source>
      <translation>eine URL mit einem Leerzeichen, einem umgekehrten Schrägstrich oder einem Steuerzeichen</translation>
    </message>
    <message>
      <source>Write a space as '%20', and '/' for a backslash.</source>
      <translation>Schreiben Sie ein Leerzeichen als '%20' und '/' statt des umgekehrten Schrägstrichs.</translation>
    </message>
    <message>
      <source>'{url}' is not an http or https URL</source>
      <translation>'{url}' ist keine URL mit http oder https</translation>
    </message>
    <message>
      <source>Give one like 'https://host:8042/dicom-web'.</source>
      <translation>Geben Sie eine wie 'https://host:8042/dicom-web' an.</translation>
    </message>
    <message>
      <source>'{url}' has a user name or password in front of the host, and a URL is shown, logged and shared</source>
      <translation>'{url}' hat Benutzername oder Kennwort vor dem Host, und eine URL wird angezeigt, protokolliert und weitergegeben</translation>
    </message>
    <message>
      <source>Leave it out and choose an authentication for the node.</source>
      <translation>Lassen Sie es weg und wählen Sie eine Authentifizierung für den Knoten.</translation>
    </message>
    <message>
      <source>'{shown}' has no valid host name</source>
      <translation>'{shown}' hat keinen gültigen Hostnamen</translation>
    </message>
    <message>
      <source>the port in '{shown}' is not a number from 1 to 65535</source>
      <translation>der Port in '{shown}' ist keine Zahl von 1 bis 65535</translation>
    </message>
    <message>
      <source>Check what follows the colon.</source>
      <translation>Prüfen Sie, was auf den Doppelpunkt folgt.</translation>
    </message>
    <message>
      <source>'{url}' has a path, which a proxy has not</source>
      <translation>'{url}' hat einen Pfad, den ein Proxy nicht hat</translation>
    </message>
    <message>
      <source>Give host and port only.</source>
      <translation>Geben Sie nur Host und Port an.</translation>
    </message>
    <message>
      <source>Give one like 'https://host/path'.</source>
      <translation>Geben Sie eine wie 'https://host/path' an.</translation>
    </message>
    <message>
      <source>the host in '{shown}' is not a name that the internet knows</source>
      <translation>der Host in '{shown}' ist kein Name, den das Internet kennt</translation>
    </message>
    <message>
      <source>Check its spelling.</source>
      <translation>Prüfen Sie die Schreibweise.</translation>
    </message>
    <message>
      <source>'{shown}' has no valid IPv6 address</source>
      <translation>'{shown}' hat keine gültige IPv6-Adresse</translation>
    </message>
    <message>
      <source>Write it like 'http://[::1]:8042'.</source>
      <translation>Schreiben Sie sie wie 'http://[::1]:8042'.</translation>
    </message>
    <message>
      <source>it is of type '{type}', which is not DICOMweb</source>
      <translation>er ist vom Typ '{type}', der nicht DICOMweb ist</translation>
    </message>
    <message>
      <source>it extends “{name}”, which is in another file of Weasis: its URL is there</source>
      <translation>er erweitert „{name}“, der in einer anderen Datei von Weasis steht: Dort ist seine URL</translation>
    </message>
    <message>
      <source>its webtype is '{web_type}'</source>
      <translation>sein webtype ist '{web_type}'</translation>
    </message>
    <message>
      <source>its headers are not lines of text in Base64</source>
      <translation>seine Kopffelder sind keine Textzeilen in Base64</translation>
    </message>
    <message>
      <source>one of its entries is no JSON object</source>
      <translation>einer seiner Einträge ist kein JSON-Objekt</translation>
    </message>
    <message>
      <source>more than {size} MB of it would have to be fetched</source>
      <translation>mehr als {size} MB davon müssten geholt werden</translation>
    </message>
    <message>
      <source>pillow, or {packages}</source>
      <translation>pillow, oder {packages}</translation>
    </message>
    <message>
      <source>its pixels are compressed with {syntax}, and no decoder here can read them</source>
      <translation>ihre Pixel sind mit {syntax} komprimiert, und kein Decoder hier kann sie lesen</translation>
    </message>
    <message>
      <source>it is a video ({syntax})</source>
      <translation>es ist ein Video ({syntax})</translation>
    </message>
    <message>
      <source>Install {packages} into Slicer's Python to see it.</source>
      <translation>Installieren Sie {packages} in das Python von Slicer, um es zu sehen.</translation>
    </message>
    <message>
      <source>it has no pixels</source>
      <translation>es hat keine Pixel</translation>
    </message>
    <message>
      <source>its transfer syntax is not given</source>
      <translation>ihre Transfersyntax ist nicht angegeben</translation>
    </message>
    <message>
      <source>it ends in the middle of its pixels</source>
      <translation>es endet mitten in seinen Pixeln</translation>
    </message>
    <message>
      <source>it is no DICOM file</source>
      <translation>es ist keine DICOM-Datei</translation>
    </message>
    <message>
      <source>it is larger than {size} MB</source>
      <translation>es ist größer als {size} MB</translation>
    </message>
    <message>
      <source>{columns} by {rows} pixels are too many for a preview</source>
      <translation>{columns} mal {rows} Pixel sind zu viele für eine Vorschau</translation>
    </message>
    <message>
      <source>its JPEG 2000 image has no codestream</source>
      <translation>ihr JPEG-2000-Bild hat keinen Datenstrom</translation>
    </message>
    <message>
      <source>audio</source>
      <translation>Ton</translation>
    </message>
    <message>
      <source>a document</source>
      <translation>ein Dokument</translation>
    </message>
    <message>
      <source>an ECG</source>
      <translation>ein EKG</translation>
    </message>
    <message>
      <source>an electrophysiology recording</source>
      <translation>eine elektrophysiologische Aufzeichnung</translation>
    </message>
    <message>
      <source>fiducials</source>
      <translation>Bezugspunkte</translation>
    </message>
    <message>
      <source>a haemodynamic waveform</source>
      <translation>eine hämodynamische Kurve</translation>
    </message>
    <message>
      <source>a key object selection</source>
      <translation>eine Auswahl von Objekten</translation>
    </message>
    <message>
      <source>a plan</source>
      <translation>ein Plan</translation>
    </message>
    <message>
      <source>a presentation state</source>
      <translation>ein Darstellungszustand</translation>
    </message>
    <message>
      <source>a registration</source>
      <translation>eine Registrierung</translation>
    </message>
    <message>
      <source>a radiotherapy plan</source>
      <translation>ein Bestrahlungsplan</translation>
    </message>
    <message>
      <source>a radiotherapy treatment record</source>
      <translation>ein Bestrahlungsprotokoll</translation>
    </message>
    <message>
      <source>a radiotherapy structure set</source>
      <translation>ein Struktursatz der Strahlentherapie</translation>
    </message>
    <message>
      <source>a real world value mapping</source>
      <translation>eine Zuordnung zu Messwerten</translation>
    </message>
    <message>
      <source>a segmentation</source>
      <translation>eine Segmentierung</translation>
    </message>
    <message>
      <source>a stereometric relationship</source>
      <translation>eine stereometrische Beziehung</translation>
    </message>
    <message>
      <source>a structured report</source>
      <translation>ein strukturierter Bericht</translation>
    </message>
    <message>
      <source>a texture map</source>
      <translation>eine Textur</translation>
    </message>
    <message>
      <source>it is {what}, not an image</source>
      <translation>es ist {what}, kein Bild</translation>
    </message>
    <message>
      <source>Install it to see previews.</source>
      <translation>Installieren Sie es, um Vorschaubilder zu sehen.</translation>
    </message>
    <message>
      <source>the Python package {package} is not installed</source>
      <translation>das Python-Paket {package} ist nicht installiert</translation>
    </message>
    <message>
      <source>its pixels cannot be read ({error})</source>
      <translation>seine Pixel sind nicht lesbar ({error})</translation>
    </message>
    <message>
      <source>the server has no instance of {resource}</source>
      <translation>der Server hat keine Instanz von {resource}</translation>
    </message>
    <message>
      <source>the server has no picture of {resource}</source>
      <translation>der Server hat kein Bild davon: {resource}</translation>
    </message>
    <message>
      <source>its pixels are “{photometric}”, which is not known here</source>
      <translation>seine Pixel sind „{photometric}“, was hier nicht bekannt ist</translation>
    </message>
    <message>
      <source>its pixels are “{photometric}”, which is retired</source>
      <translation>seine Pixel sind „{photometric}“, was veraltet ist</translation>
    </message>
    <message>
      <source>Correct HTTP_PROXY, HTTPS_PROXY or ALL_PROXY in the environment, as http://HOST:PORT, and start again.</source>
      <translation>Berichtigen Sie HTTP_PROXY, HTTPS_PROXY oder ALL_PROXY in der Umgebung, als http://HOST:PORT, und starten Sie neu.</translation>
    </message>
    <message>
      <source>the environment names a SOCKS proxy, for which the Python package PySocks is missing</source>
      <translation>die Umgebung nennt einen SOCKS-Proxy, für den das Python-Paket PySocks fehlt</translation>
    </message>
    <message>
      <source>what the environment names as the proxy is no address</source>
      <translation>was die Umgebung als Proxy nennt, ist keine Adresse</translation>
    </message>
    <message>
      <source>a file for Weasis is written without secrets</source>
      <translation>eine Datei für Weasis wird ohne Geheimnisse geschrieben</translation>
    </message>
    <message>
      <source>Leave the option out.</source>
      <translation>Lassen Sie die Option weg.</translation>
    </message>
    <message>
      <source>the format is {format!r}</source>
      <translation>das Format ist {format!r}</translation>
    </message>
    <message>
      <source>there is no place that keeps secrets</source>
      <translation>es gibt keinen Ort, der Geheimnisse behält</translation>
    </message>
    <message>
      <source>Install keyring, choose a file with 'auth secrets --file', or import without secrets.</source>
      <translation>Installieren Sie keyring, wählen Sie mit 'auth secrets --file' eine Datei, oder importieren Sie ohne Geheimnisse.</translation>
    </message>
    <message>
      <source>Import it without --with-secrets.</source>
      <translation>Importieren Sie es ohne --with-secrets.</translation>
    </message>
    <message>
      <source>{path} is not a file of Weasis</source>
      <translation>{path} ist keine Datei von Weasis</translation>
    </message>
    <message>
      <source>Free some space, then try again; what was there before is untouched.</source>
      <translation>Schaffen Sie Platz und versuchen Sie es erneut; was vorher da war, ist unverändert.</translation>
    </message>
    <message>
      <source>Close the other Slicer or command line that is changing the settings, then try again.</source>
      <translation>Schließen Sie das andere Slicer oder die Kommandozeile, die gerade die Einstellungen ändert, und versuchen Sie es erneut.</translation>
    </message>
    <message>
      <source>another program has held {path} for {timeout} s</source>
      <translation>ein anderes Programm hält {path} seit {timeout} s</translation>
    </message>
    <message>
      <source>cannot lock {path}: {reason}</source>
      <translation>nicht zu sperren: {path}: {reason}</translation>
    </message>
    <message>
      <source>cannot write {path}: {reason}</source>
      <translation>nicht schreibbar: {path}: {reason}</translation>
    </message>
    <message>
      <source>cannot set aside {path}: {reason}</source>
      <translation>nicht beiseitezulegen: {path}: {reason}</translation>
    </message>
    <message>
      <source>The file of {holds} was damaged: {reason}. It is kept as {path}; the list starts anew.</source>
      <translation>Eine Datei war beschädigt ({holds}): {reason}. Sie liegt jetzt unter {path}; die Liste beginnt neu.</translation>
    </message>
    <message>
      <source>its JSON is nested too deeply</source>
      <translation>ihr JSON ist zu tief verschachtelt</translation>
    </message>
    <message>
      <source>its JSON has a number that is too long</source>
      <translation>sein JSON hat eine Zahl, die zu lang ist</translation>
    </message>
    <message>
      <source>it is not a file of {member}: it has no "format": "{format_name}"</source>
      <translation>sie ist keine Datei für {member}: Es fehlt "format": "{format_name}"</translation>
    </message>
    <message>
      <source>its version is {version!r}</source>
      <translation>ihre Version ist {version!r}</translation>
    </message>
    <message>
      <source>it has no list of "{member}"</source>
      <translation>sie hat keine Liste "{member}"</translation>
    </message>
    <message>
      <source>it is not UTF-8 text (byte {position})</source>
      <translation>sie ist kein UTF-8-Text (Byte {position})</translation>
    </message>
    <message>
      <source>it is not JSON: {problem} in line {line}</source>
      <translation>sie ist kein JSON: {problem} in Zeile {line}</translation>
    </message>
    <message>
      <source>{words}, {word}</source>
      <translation>{words}, {word}</translation>
    </message>
    <message>
      <source>{words} and {last}</source>
      <translation>{words} und {last}</translation>
    </message>
    <message>
      <source>{said}; {more}</source>
      <translation>{said}; {more}</translation>
    </message>
    <message>
      <source>{said} {more}</source>
      <translation>{said} {more}</translation>
    </message>
    <message>
      <source>give the node the service type “DICOMweb (all RESTful services)” and the address that can be searched, or add a QIDO-RS node whose results this one retrieves</source>
      <translation>geben Sie dem Knoten den Diensttyp „DICOMweb (all RESTful services)“ und die Adresse, die durchsucht werden kann, oder fügen Sie einen QIDO-RS-Knoten hinzu, dessen Ergebnisse dieser abruft</translation>
    </message>
    <message>
      <source>the server does not list the instances of {what} ({causes}): {remedy}</source>
      <translation>der Server listet die Instanzen nicht auf, {what} ({causes}): {remedy}</translation>
    </message>
    <message>
      <source>Check the identifiers, and that this node is the right server.</source>
      <translation>Prüfen Sie die Kennungen, und ob dieser Knoten der richtige Server ist.</translation>
    </message>
    <message>
      <source>the node gives single instances, and nothing lists those of {what}: {remedy}</source>
      <translation>der Knoten gibt einzelne Instanzen, und nichts listet sie auf, {what}: {remedy}</translation>
    </message>
    <message>
      <source>the server has no {what}, or gives neither the whole of it nor a list of its instances: check the identifier; {remedy}</source>
      <translation>der Server hat dies nicht, {what}, oder gibt weder das Ganze noch eine Liste seiner Instanzen: Prüfen Sie die Kennung; {remedy}</translation>
    </message>
    <message>
      <source>the server knows no {resource}</source>
      <translation>der Server kennt dies nicht: {resource}</translation>
    </message>
    <message>
      <source>retrieve everything</source>
      <translation>Alles abrufen</translation>
    </message>
    <message>
      <source>{count} missing: {first}</source>
      <translation>{count} fehlen: {first}</translation>
    </message>
    <message>
      <source>{path} cannot be written ({reason})</source>
      <translation>{path} ist nicht schreibbar ({reason})</translation>
    </message>
    <message>
      <source>the disk of {folder} is full ({reason})</source>
      <translation>der Datenträger von {folder} ist voll ({reason})</translation>
    </message>
    <message>
      <source>the server has no instances of it</source>
      <translation>der Server hat keine Instanzen davon</translation>
    </message>
    <message>
      <source>the server sends only a part of it</source>
      <translation>der Server sendet nur einen Teil davon</translation>
    </message>
    <message>
      <source>the server sent another instance, or none</source>
      <translation>der Server sandte eine andere Instanz, oder keine</translation>
    </message>
    <message>
      <source>Tell the server's administrator.</source>
      <translation>Sagen Sie es dem Verwalter des Servers.</translation>
    </message>
    <message>
      <source>the server counts {expected} instances but lists and sends only {listed}</source>
      <translation>der Server zählt {expected} Instanzen, nennt und sendet aber nur {listed}</translation>
    </message>
    <message>
      <source>the worker refuses a request: {message}</source>
      <translation>der Arbeitsprozess lehnt eine Anfrage ab: {message}</translation>
    </message>
    <message>
      <source>the worker process was stopped</source>
      <translation>der Arbeitsprozess wurde beendet</translation>
    </message>
    <message>
      <source>the worker process sent something that is no message</source>
      <translation>der Arbeitsprozess sandte etwas, das keine Nachricht ist</translation>
    </message>
    <message>
      <source>the worker process said nothing for {seconds} s after its start and was ended</source>
      <translation>der Arbeitsprozess hat {seconds} s lang nach seinem Start nichts gesagt und wurde beendet</translation>
    </message>
    <message>
      <source>the worker process {reason}</source>
      <translation>der Arbeitsprozess {reason}</translation>
    </message>
    <message>
      <source>the worker process did not answer for {seconds} s and was ended</source>
      <translation>der Arbeitsprozess hat {seconds} s lang nicht geantwortet und wurde beendet</translation>
    </message>
    <message>
      <source>more lists than the worker keeps</source>
      <translation>mehr Listen, als der Arbeitsprozess behält</translation>
    </message>
    <message>
      <source>Ask for less at once.</source>
      <translation>Fragen Sie nach weniger auf einmal.</translation>
    </message>
    <message>
      <source>there is no such manifest any more</source>
      <translation>dieses Manifest gibt es nicht mehr</translation>
    </message>
    <message>
      <source>Open it again.</source>
      <translation>Öffnen Sie es erneut.</translation>
    </message>
    <message>
      <source>what a manifest brings is known only as long as the program runs</source>
      <translation>was ein Manifest mitbringt, ist nur bekannt, solange das Programm läuft</translation>
    </message>
    <message>
      <source>Open the manifest or link again.</source>
      <translation>Öffnen Sie das Manifest oder den Link erneut.</translation>
    </message>
    <message>
      <source>an item of {length} bytes is too long to be passed on</source>
      <translation>ein Element von {length} Bytes ist zu lang, um weitergegeben zu werden</translation>
    </message>
    <message>
      <source>a request of {length:,} bytes is more than the worker takes at once</source>
      <translation>eine Anfrage von {length:,} Bytes ist mehr, als der Arbeitsprozess auf einmal nimmt</translation>
    </message>
    <message>
      <source>the job has not ended after {timeout} s</source>
      <translation>der Auftrag ist nach {timeout} s nicht beendet</translation>
    </message>
    <message>
      <source>the worker process does not start: {reason}</source>
      <translation>der Arbeitsprozess startet nicht: {reason}</translation>
    </message>
    <message>
      <source>ended (exit status {code})</source>
      <translation>ist zu Ende (Rückgabewert {code})</translation>
    </message>
    <message>
      <source>attributes that are too long to be shown were left out: {names}</source>
      <translation>Attribute, die zum Anzeigen zu lang sind, wurden weggelassen: {names}</translation>
    </message>
    <message>
      <source>Give text, or a list of texts.</source>
      <translation>Geben Sie Text an, oder eine Liste von Texten.</translation>
    </message>
    <message>
      <source>the nodes are no list of names or nodes</source>
      <translation>die Knoten sind keine Liste von Namen oder Knoten</translation>
    </message>
    <message>
      <source>Name one at least.</source>
      <translation>Nennen Sie wenigstens einen.</translation>
    </message>
    <message>
      <source>an offset counts the results of one node, and several are given</source>
      <translation>ein Versatz zählt die Ergebnisse eines Knotens, und mehrere sind angegeben</translation>
    </message>
    <message>
      <source>the level is {level!r}</source>
      <translation>die Ebene ist {level!r}</translation>
    </message>
    <message>
      <source>Restart the application: the extension was updated while it was running.</source>
      <translation>Starten Sie die Anwendung neu: Die Erweiterung wurde aktualisiert, während sie lief.</translation>
    </message>
    <message>
      <source>the worker speaks version {version} of its protocol, and was asked for {protocol}</source>
      <translation>der Arbeitsprozess spricht Version {version} seines Protokolls und wurde nach {protocol} gefragt</translation>
    </message>
    <message>
      <source>too many requests are waiting</source>
      <translation>es warten zu viele Anfragen</translation>
    </message>
    <message>
      <source>Try again later.</source>
      <translation>Versuchen Sie es später erneut.</translation>
    </message>
    <message>
      <source>unexpected {kind}</source>
      <translation>unerwartet: {kind}</translation>
    </message>
    <message>
      <source>{number} connections</source>
      <translation>{number} Verbindungen</translation>
    </message>
    <message>
      <source>Give 1 to {most_connections}.</source>
      <translation>Geben Sie 1 bis {most_connections} an.</translation>
    </message>
    <message>
      <source>the log level is {log_level!r}</source>
      <translation>die Protokollstufe ist {log_level!r}</translation>
    </message>
    <message>
      <source>an item of the inventory is not a pair of instance and file</source>
      <translation>ein Eintrag des Bestands ist kein Paar aus Instanz und Datei</translation>
    </message>
    <message>
      <source>a WADO-URI service has no metadata</source>
      <translation>ein WADO-URI-Dienst hat keine Metadaten</translation>
    </message>
    <message>
      <source>has a document type, which could define anything</source>
      <translation>hat einen Dokumenttyp, der alles Mögliche festlegen könnte</translation>
    </message>
    <message>
      <source>is not well-formed XML: {problem}</source>
      <translation>ist kein wohlgeformtes XML: {problem}</translation>
    </message>
    <message>
      <source>Slicer's DICOM database is not open</source>
      <translation>die DICOM-Datenbank von Slicer ist nicht geöffnet</translation>
    </message>
    <message>
      <source>Open it, or choose a folder for it.</source>
      <translation>Öffnen Sie sie, oder wählen Sie einen Ordner für sie.</translation>
    </message>
    <message>
      <source>Slicer's DICOM database is kept in memory only</source>
      <translation>die DICOM-Datenbank von Slicer liegt nur im Arbeitsspeicher</translation>
    </message>
    <message>
      <source>Choose a folder for it.</source>
      <translation>Wählen Sie einen Ordner für sie.</translation>
    </message>
    <message>
      <source>Choose a folder for the database.</source>
      <translation>Wählen Sie einen Ordner für die Datenbank.</translation>
    </message>
    <message>
      <source>Open the DICOM module, which updates it, or choose another folder.</source>
      <translation>Öffnen Sie das DICOM-Modul, das sie aktualisiert, oder wählen Sie einen anderen Ordner.</translation>
    </message>
    <message>
      <source>{file} cannot be read as a DICOM database: it is damaged, or another program holds it</source>
      <translation>{file} lässt sich nicht als DICOM-Datenbank lesen: Sie ist beschädigt, oder ein anderes Programm hält sie fest</translation>
    </message>
    <message>
      <source>Slicer's DICOM database is of version {version}, and this Slicer needs {needed}</source>
      <translation>die DICOM-Datenbank von Slicer hat die Version {version}, und dieses Slicer braucht {needed}</translation>
    </message>
    <message>
      <source>the file of Slicer's DICOM database, {file}, is missing</source>
      <translation>die Datei der DICOM-Datenbank von Slicer, {file}, fehlt</translation>
    </message>
    <message>
      <source>you may not write to the folder of Slicer's DICOM database, {folder}</source>
      <translation>Sie dürfen nicht in den Ordner der DICOM-Datenbank von Slicer schreiben, {folder}</translation>
    </message>
    <message>
      <source>another DICOM database was opened meanwhile, in the place of that in {folder}</source>
      <translation>inzwischen wurde eine andere DICOM-Datenbank geöffnet, anstelle der in {folder}</translation>
    </message>
    <message>
      <source>nothing of it arrived</source>
      <translation>nichts davon ist angekommen</translation>
    </message>
    <message>
      <source>it has arrived, but Slicer's DICOM database did not take it (the application's log may say why). See that its disk is not full, then Retry: what is here is not fetched again.</source>
      <translation>sie ist angekommen, aber die DICOM-Datenbank von Slicer hat sie nicht übernommen (das Protokoll der Anwendung sagt vielleicht, warum). Sehen Sie nach, ob deren Datenträger voll ist; „Wiederholen“ holt dann nichts noch einmal, was hier ist.</translation>
    </message>
    <message>
      <source>Retry brings it into the database that is open now.</source>
      <translation>„Wiederholen“ bringt es in die Datenbank, die jetzt offen ist.</translation>
    </message>
    <message>
      <source>it was removed from the database, or its file from the disk, while the import went on</source>
      <translation>sie wurde aus der Datenbank entfernt, oder ihre Datei von der Platte, während importiert wurde</translation>
    </message>
    <message>
      <source>to load {what}, install the extension {extension} (View, Extensions Manager) and restart Slicer</source>
      <translation>um {what} zu laden, installieren Sie die Erweiterung {extension} (View, Extensions Manager) und starten Sie Slicer neu</translation>
    </message>
    <message>
      <source>structure sets</source>
      <translation>Struktursätze</translation>
    </message>
    <message>
      <source>doses as doses</source>
      <translation>Dosen als Dosen</translation>
    </message>
    <message>
      <source>treatment plans</source>
      <translation>Bestrahlungspläne</translation>
    </message>
    <message>
      <source>portal images</source>
      <translation>Feldkontrollaufnahmen</translation>
    </message>
    <message>
      <source>segmentations</source>
      <translation>Segmentierungen</translation>
    </message>
    <message>
      <source>structured reports</source>
      <translation>strukturierte Berichte</translation>
    </message>
    <message>
      <source>parametric maps</source>
      <translation>parametrische Karten</translation>
    </message>
    <message>
      <source>to load {what}, switch the plugin {plugin} on (DICOM module, DICOM plugins)</source>
      <translation>um {what} zu laden, schalten Sie das Plugin {plugin} ein (DICOM-Modul, DICOM plugins)</translation>
    </message>
    <message>
      <source>Open that folder again to load from it.</source>
      <translation>Öffnen Sie jenen Ordner wieder, um daraus zu laden.</translation>
    </message>
    <message>
      <source>Missing on the disk: {count} of {all} files of {what}.</source>
      <translation>Auf der Festplatte fehlen {count} von {all} Dateien von {what}.</translation>
    </message>
    <message>
      <source>it is no image ({kind})</source>
      <translation>es ist kein Bild ({kind})</translation>
    </message>
    <message>
      <source>none of Slicer's DICOM plugins can load it</source>
      <translation>keines der DICOM-Plugins von Slicer kann sie laden</translation>
    </message>
    <message>
      <source>the DICOM plugin did not load it</source>
      <translation>das DICOM-Plugin hat sie nicht geladen</translation>
    </message>
    <message>
      <source>the DICOM database has no files of it</source>
      <translation>die DICOM-Datenbank hat keine Dateien davon</translation>
    </message>
    <message>
      <source>{count} instances that are referred to are not in the DICOM database.</source>
      <translation>{count} Instanzen, auf die verwiesen wird, sind nicht in der DICOM-Datenbank.</translation>
    </message>
    <message>
      <source>{value!r} is not a whole number</source>
      <translation>{value!r} ist keine ganze Zahl</translation>
    </message>
    <message>
      <source>it is under way already</source>
      <translation>es ist schon unterwegs</translation>
    </message>
    <message>
      <source>Try again when it has ended.</source>
      <translation>Versuchen Sie es noch einmal, wenn es beendet ist.</translation>
    </message>
    <message>
      <source>another Slicer that has this DICOM database open is at it already</source>
      <translation>ein anderes Slicer, das diese DICOM-Datenbank offen hat, arbeitet schon daran</translation>
    </message>
    <message>
      <source>Look there how far it is, or try again when it has ended.</source>
      <translation>Sehen Sie dort nach, wie weit es ist, oder versuchen Sie es noch einmal, wenn es beendet ist.</translation>
    </message>
    <message>
      <source>Run slicer.util.pip_install('oauthlib') in Slicer's Python console, or sign in otherwise.</source>
      <translation>Führen Sie slicer.util.pip_install('oauthlib') in der Python-Konsole von Slicer aus, oder melden Sie sich anders an.</translation>
    </message>
    <message>
      <source>oauthlib could not be installed: {error}</source>
      <translation>oauthlib ließ sich nicht installieren: {error}</translation>
    </message>
    <message>
      <source>the DICOM database has no file of it</source>
      <translation>die DICOM-Datenbank hat keine Datei davon</translation>
    </message>
    <message>
      <source>there are no files to send</source>
      <translation>es gibt keine Dateien zu senden</translation>
    </message>
    <message>
      <source>Choose series that are in the database.</source>
      <translation>Wählen Sie Serien, die in der Datenbank sind.</translation>
    </message>
    <message>
      <source>the application was closed</source>
      <translation>die Anwendung wurde geschlossen</translation>
    </message>
    <message>
      <source>ended (exit status {code}: {said})</source>
      <translation>ist zu Ende (Rückgabewert {code}: {said})</translation>
    </message>
    <message>
      <source>PythonSlicer, the application's Python interpreter, is not in its search path</source>
      <translation>PythonSlicer, der Python-Interpreter der Anwendung, ist nicht in ihrem Suchpfad</translation>
    </message>
    <message>
      <source>Start the application with its launcher.</source>
      <translation>Starten Sie die Anwendung mit ihrem Starter.</translation>
    </message>
    <message>
      <source>does not start: {program} cannot be run</source>
      <translation>startet nicht: {program} lässt sich nicht ausführen</translation>
    </message>
    <message>
      <source>Google Cloud Healthcare</source>
      <translation>Google Cloud Healthcare</translation>
    </message>
    <message>
      <source>Signs you in with your Google account. Create an OAuth client of type 'Desktop app' in the Google Cloud console; Google wants its secret although it is no secret in a desktop program.</source>
      <translation>Meldet Sie mit Ihrem Google-Konto an. Legen Sie in der Google-Cloud-Konsole einen OAuth-Client der Art 'Desktop-App' an; Google verlangt sein Geheimnis, obwohl es in einem Desktop-Programm keines ist.</translation>
    </message>
    <message>
      <source>Client ID</source>
      <translation>Client-ID</translation>
    </message>
    <message>
      <source>Given by the provider when this program is registered as a native (desktop) application.</source>
      <translation>Der Anbieter vergibt sie, wenn dieses Programm als native (Desktop-)Anwendung registriert wird.</translation>
    </message>
    <message>
      <source>Client secret</source>
      <translation>Client-Geheimnis</translation>
    </message>
    <message>
      <source>From the same page as the client ID.</source>
      <translation>Von derselben Seite wie die Client-ID.</translation>
    </message>
    <message>
      <source>Google application default credentials, or gcloud</source>
      <translation>Google Application Default Credentials, oder gcloud</translation>
    </message>
    <message>
      <source>Uses what 'gcloud auth application-default login' or a service account's key file left on this computer, or asks 'gcloud auth print-access-token' each time.</source>
      <translation>Verwendet, was 'gcloud auth application-default login' oder die Schlüsseldatei eines Dienstkontos auf diesem Rechner hinterlassen hat, oder fragt jedes Mal 'gcloud auth print-access-token'.</translation>
    </message>
    <message>
      <source>Source</source>
      <translation>Quelle</translation>
    </message>
    <message>
      <source>application-default: the credentials file. gcloud: the account that gcloud is signed in with.</source>
      <translation>application-default: die Datei der Anmeldedaten. gcloud: das Konto, mit dem gcloud angemeldet ist.</translation>
    </message>
    <message>
      <source>Credentials file</source>
      <translation>Datei der Anmeldedaten</translation>
    </message>
    <message>
      <source>Leave it empty for GOOGLE_APPLICATION_CREDENTIALS, else the place where gcloud puts it.</source>
      <translation>Leer gilt GOOGLE_APPLICATION_CREDENTIALS, sonst die Stelle, an die gcloud sie legt.</translation>
    </message>
    <message>
      <source>Scope</source>
      <translation>Scope</translation>
    </message>
    <message>
      <source>Of a service account.</source>
      <translation>Eines Dienstkontos.</translation>
    </message>
    <message>
      <source>Default Keycloak</source>
      <translation>Keycloak</translation>
    </message>
    <message>
      <source>A realm of a Keycloak server. In its client, allow the standard flow with the redirect URI http://127.0.0.1/callback.</source>
      <translation>Ein Realm eines Keycloak-Servers. Erlauben Sie in seinem Client den Standard Flow mit der Redirect-URI http://127.0.0.1/callback.</translation>
    </message>
    <message>
      <source>Base URL</source>
      <translation>Basis-URL</translation>
    </message>
    <message>
      <source>Of the Keycloak server, with /auth at its end before version 18.</source>
      <translation>Des Keycloak-Servers; vor Version 18 mit /auth am Ende.</translation>
    </message>
    <message>
      <source>Realm</source>
      <translation>Realm</translation>
    </message>
    <message>
      <source>the name of a realm</source>
      <translation>der Name eines Realms</translation>
    </message>
    <message>
      <source>Only for a confidential client; a public client has none.</source>
      <translation>Nur für einen vertraulichen Client; ein öffentlicher hat keines.</translation>
    </message>
    <message>
      <source>Separated by spaces.</source>
      <translation>Durch Leerzeichen getrennt.</translation>
    </message>
    <message>
      <source>Grant</source>
      <translation>Grant</translation>
    </message>
    <message>
      <source>authorization_code: a person signs in in the browser. device_code: in a browser elsewhere. client_credentials: this program signs in by itself, with its secret.</source>
      <translation>authorization_code: Eine Person meldet sich im Browser an. device_code: in einem Browser anderswo. client_credentials: Dieses Programm meldet sich selbst an, mit seinem Geheimnis.</translation>
    </message>
    <message>
      <source>Microsoft Entra ID (Azure DICOM service)</source>
      <translation>Microsoft Entra ID (Azure DICOM service)</translation>
    </message>
    <message>
      <source>Register an application with the platform 'Mobile and desktop applications', the redirect URI http://localhost and the API permission Dicom.ReadWrite.</source>
      <translation>Registrieren Sie eine Anwendung mit der Plattform 'Mobile- und Desktopanwendungen', der Redirect-URI http://localhost und der API-Berechtigung Dicom.ReadWrite.</translation>
    </message>
    <message>
      <source>Directory (tenant) ID</source>
      <translation>Verzeichnis-ID (Mandant)</translation>
    </message>
    <message>
      <source>On the overview page of Microsoft Entra ID.</source>
      <translation>Auf der Übersichtsseite von Microsoft Entra ID.</translation>
    </message>
    <message>
      <source>a GUID</source>
      <translation>eine GUID</translation>
    </message>
    <message>
      <source>Application (client) ID</source>
      <translation>Anwendungs-ID (Client)</translation>
    </message>
    <message>
      <source>authorization_code: a person signs in in the browser. device_code: in a browser elsewhere.</source>
      <translation>authorization_code: Eine Person meldet sich im Browser an. device_code: in einem Browser anderswo.</translation>
    </message>
    <message>
      <source>Auth0</source>
      <translation>Auth0</translation>
    </message>
    <message>
      <source>Register a native application and allow the callback URL http://localhost:PORT/callback.</source>
      <translation>Registrieren Sie eine native Anwendung und erlauben Sie die Callback-URL http://localhost:PORT/callback.</translation>
    </message>
    <message>
      <source>Domain</source>
      <translation>Domain</translation>
    </message>
    <message>
      <source>a host name</source>
      <translation>ein Hostname</translation>
    </message>
    <message>
      <source>Audience</source>
      <translation>Audience</translation>
    </message>
    <message>
      <source>The identifier of the API that is in front of the DICOMweb server.</source>
      <translation>Die Kennung der Schnittstelle, die vor dem DICOMweb-Server steht.</translation>
    </message>
    <message>
      <source>Redirect port</source>
      <translation>Redirect-Port</translation>
    </message>
    <message>
      <source>The port in the redirect URI that is registered: http://localhost:PORT/callback.</source>
      <translation>Der Port in der registrierten Redirect-URI: http://localhost:PORT/callback.</translation>
    </message>
    <message>
      <source>a port number</source>
      <translation>eine Portnummer</translation>
    </message>
    <message>
      <source>Okta</source>
      <translation>Okta</translation>
    </message>
    <message>
      <source>Register a native application and add the sign-in redirect URI http://localhost:PORT/callback.</source>
      <translation>Registrieren Sie eine native Anwendung und fügen Sie die Sign-in-Redirect-URI http://localhost:PORT/callback hinzu.</translation>
    </message>
    <message>
      <source>Issuer URI</source>
      <translation>URI des Ausstellers</translation>
    </message>
    <message>
      <source>In the admin console under Security, API, Authorization Servers.</source>
      <translation>In der Verwaltungskonsole unter Security, API, Authorization Servers.</translation>
    </message>
    <message>
      <source>Amazon Cognito</source>
      <translation>Amazon Cognito</translation>
    </message>
    <message>
      <source>An app client of a user pool, with the authorization code grant and the callback URL http://localhost:PORT/callback.</source>
      <translation>Ein App-Client eines Benutzerpools, mit dem Grant Authorization Code und der Callback-URL http://localhost:PORT/callback.</translation>
    </message>
    <message>
      <source>Region</source>
      <translation>Region</translation>
    </message>
    <message>
      <source>a region</source>
      <translation>eine Region</translation>
    </message>
    <message>
      <source>User pool ID</source>
      <translation>ID des Benutzerpools</translation>
    </message>
    <message>
      <source>a user pool ID</source>
      <translation>die ID eines Benutzerpools</translation>
    </message>
    <message>
      <source>authorization_code: a person signs in in the browser. client_credentials: this program signs in by itself, with its secret.</source>
      <translation>authorization_code: Eine Person meldet sich im Browser an. client_credentials: Dieses Programm meldet sich selbst an, mit seinem Geheimnis.</translation>
    </message>
    <message>
      <source>AWS Signature Version 4 (HealthImaging)</source>
      <translation>AWS Signature Version 4 (HealthImaging)</translation>
    </message>
    <message>
      <source>Signs each request with the credentials of the AWS tools: environment variables, else the files that 'aws configure' writes.</source>
      <translation>Signiert jede Anfrage mit den Anmeldedaten der AWS-Werkzeuge: Umgebungsvariablen, sonst die Dateien, die 'aws configure' schreibt.</translation>
    </message>
    <message>
      <source>Service</source>
      <translation>Dienst</translation>
    </message>
    <message>
      <source>the name of a service</source>
      <translation>der Name eines Dienstes</translation>
    </message>
    <message>
      <source>Profile</source>
      <translation>Profil</translation>
    </message>
    <message>
      <source>Of the AWS files; empty for AWS_PROFILE, else 'default'.</source>
      <translation>Aus den AWS-Dateien; leer gilt AWS_PROFILE, sonst 'default'.</translation>
    </message>
    <message>
      <source>OpenID Connect (any provider)</source>
      <translation>OpenID Connect (jeder Anbieter)</translation>
    </message>
    <message>
      <source>Everything else is discovered from the issuer. Register a native (public) client with the redirect URI http://127.0.0.1/callback.</source>
      <translation>Alles andere wird beim Aussteller erfragt. Registrieren Sie einen nativen (öffentlichen) Client mit der Redirect-URI http://127.0.0.1/callback.</translation>
    </message>
    <message>
      <source>Issuer</source>
      <translation>Aussteller</translation>
    </message>
    <message>
      <source>The address under which /.well-known/openid-configuration is found.</source>
      <translation>Die Adresse, unter der /.well-known/openid-configuration liegt.</translation>
    </message>
    <message>
      <source>The API that the token is for, where the provider asks for it.</source>
      <translation>Die Schnittstelle, für die das Token gilt, wo der Anbieter danach fragt.</translation>
    </message>
    <message>
      <source>0 takes any that is free. Give the registered one where the provider compares the redirect URI exactly.</source>
      <translation>0 nimmt irgendeinen freien. Geben Sie den registrierten an, wo der Anbieter die Redirect-URI genau vergleicht.</translation>
    </message>
    <message>
      <source>OAuth 2.0 (any server)</source>
      <translation>OAuth 2.0 (jeder Server)</translation>
    </message>
    <message>
      <source>A plain OAuth 2.0 authorization server, by its endpoints.</source>
      <translation>Ein einfacher Autorisierungsserver für OAuth 2.0, über seine Endpunkte.</translation>
    </message>
    <message>
      <source>Authorization endpoint</source>
      <translation>Autorisierungs-Endpunkt</translation>
    </message>
    <message>
      <source>For the grant authorization_code.</source>
      <translation>Für den Grant authorization_code.</translation>
    </message>
    <message>
      <source>Token endpoint</source>
      <translation>Token-Endpunkt</translation>
    </message>
    <message>
      <source>Device authorization endpoint</source>
      <translation>Endpunkt der Geräteautorisierung</translation>
    </message>
    <message>
      <source>For the grant device_code.</source>
      <translation>Für den Grant device_code.</translation>
    </message>
    <message>
      <source>Revocation endpoint</source>
      <translation>Widerrufs-Endpunkt</translation>
    </message>
    <message>
      <source>To sign out at the server as well.</source>
      <translation>Um sich auch beim Server abzumelden.</translation>
    </message>
    <message>
      <source>Client authentication</source>
      <translation>Client-Authentifizierung</translation>
    </message>
    <message>
      <source>How the client secret is sent, if there is one.</source>
      <translation>Wie das Client-Geheimnis gesendet wird, wenn es eines gibt.</translation>
    </message>
    <message>
      <source>User name and password (Basic)</source>
      <translation>Benutzername und Kennwort (Basic)</translation>
    </message>
    <message>
      <source>Sent with each request (RFC 7617); over https, or to this computer.</source>
      <translation>Mit jeder Anfrage gesendet (RFC 7617); über https, oder an diesen Rechner.</translation>
    </message>
    <message>
      <source>User name</source>
      <translation>Benutzername</translation>
    </message>
    <message>
      <source>Password</source>
      <translation>Kennwort</translation>
    </message>
    <message>
      <source>Bearer token</source>
      <translation>Bearer-Token</translation>
    </message>
    <message>
      <source>A token that somebody gave you; it is not renewed.</source>
      <translation>Ein Token, das Ihnen jemand gegeben hat; es wird nicht erneuert.</translation>
    </message>
    <message>
      <source>Token</source>
      <translation>Token</translation>
    </message>
    <message>
      <source>one: it has characters that a bearer token has not</source>
      <translation>ein Bearer-Token; dieses hat Zeichen, die darin nicht vorkommen</translation>
    </message>
    <message>
      <source>API key in a header</source>
      <translation>API-Schlüssel in einem Kopffeld</translation>
    </message>
    <message>
      <source>A header field with a secret value.</source>
      <translation>Ein Kopffeld mit einem geheimen Wert.</translation>
    </message>
    <message>
      <source>Header</source>
      <translation>Kopffeld</translation>
    </message>
    <message>
      <source>Key</source>
      <translation>Schlüssel</translation>
    </message>
    <message>
      <source>AWS HealthImaging</source>
      <translation>AWS HealthImaging</translation>
    </message>
    <message>
      <source>The DICOMweb service of a data store itself. Instances come one by one, mostly as High-Throughput JPEG 2000.</source>
      <translation>Der DICOMweb-Dienst eines Data Stores selbst. Instanzen kommen einzeln, meist als High-Throughput JPEG 2000.</translation>
    </message>
    <message>
      <source>Data store ID</source>
      <translation>ID des Data Stores</translation>
    </message>
    <message>
      <source>a data store ID (32 digits and small letters)</source>
      <translation>die ID eines Data Stores (32 Ziffern und kleine Buchstaben)</translation>
    </message>
    <message>
      <source>Azure DICOM service</source>
      <translation>Azure DICOM service</translation>
    </message>
    <message>
      <source>The service URL is on the overview page of the DICOM service in the Azure portal. It knows no wildcards: what they stand for is compared here.</source>
      <translation>Die Dienst-URL steht auf der Übersichtsseite des DICOM-Dienstes im Azure-Portal. Er kennt keine Platzhalter: Wofür sie stehen, wird hier verglichen.</translation>
    </message>
    <message>
      <source>Workspace</source>
      <translation>Arbeitsbereich</translation>
    </message>
    <message>
      <source>a workspace (3 to 24 small letters and digits)</source>
      <translation>ein Arbeitsbereich (3 bis 24 kleine Buchstaben und Ziffern)</translation>
    </message>
    <message>
      <source>DICOM service</source>
      <translation>DICOM-Dienst</translation>
    </message>
    <message>
      <source>a service (small letters, digits and '-')</source>
      <translation>ein Dienst (kleine Buchstaben, Ziffern und '-')</translation>
    </message>
    <message>
      <source>API version</source>
      <translation>API-Version</translation>
    </message>
    <message>
      <source>a version of the API</source>
      <translation>eine Version der Schnittstelle</translation>
    </message>
    <message>
      <source>dcm4chee-arc-light</source>
      <translation>dcm4chee-arc-light</translation>
    </message>
    <message>
      <source>Every AE title of the archive is a DICOMweb service of its own. A secured archive signs people in with Keycloak.</source>
      <translation>Jeder AE-Titel des Archivs ist ein eigener DICOMweb-Dienst. Ein gesichertes Archiv meldet Personen mit Keycloak an.</translation>
    </message>
    <message>
      <source>AE title</source>
      <translation>AE-Titel</translation>
    </message>
    <message>
      <source>an AE title of at most 16 characters</source>
      <translation>ein AE-Titel von höchstens 16 Zeichen</translation>
    </message>
    <message>
      <source>Of the archive; the usual one is DCM4CHEE.</source>
      <translation>Des Archivs; üblich ist DCM4CHEE.</translation>
    </message>
    <message>
      <source>Any DICOMweb server</source>
      <translation>Beliebiger DICOMweb-Server</translation>
    </message>
    <message>
      <source>The base URL is what stands in front of /studies. Everything else follows the standard.</source>
      <translation>Die Basis-URL ist, was vor /studies steht. Alles andere folgt dem Standard.</translation>
    </message>
    <message>
      <source>The names are in the address of the DICOM store in the Google Cloud console: project, location, dataset and store.</source>
      <translation>Die Namen stehen in der Adresse des DICOM-Speichers in der Google-Cloud-Konsole: Projekt, Ort, Datenmenge und Speicher.</translation>
    </message>
    <message>
      <source>Project</source>
      <translation>Projekt</translation>
    </message>
    <message>
      <source>the ID or the number of a project</source>
      <translation>die ID oder die Nummer eines Projekts</translation>
    </message>
    <message>
      <source>Location</source>
      <translation>Ort</translation>
    </message>
    <message>
      <source>a location</source>
      <translation>ein Ort</translation>
    </message>
    <message>
      <source>Dataset</source>
      <translation>Datenmenge</translation>
    </message>
    <message>
      <source>a dataset ID (letters, digits, '_' and '-')</source>
      <translation>die ID einer Datenmenge (Buchstaben, Ziffern, '_' und '-')</translation>
    </message>
    <message>
      <source>DICOM store</source>
      <translation>DICOM-Speicher</translation>
    </message>
    <message>
      <source>a store ID (letters, digits, '_', '-' and '.')</source>
      <translation>die ID eines Speichers (Buchstaben, Ziffern, '_', '-' und '.')</translation>
    </message>
    <message>
      <source>Amazon HealthLake Imaging through the AHI DICOMweb proxy</source>
      <translation>Amazon HealthLake Imaging über den AHI-DICOMweb-Proxy</translation>
    </message>
    <message>
      <source>For searching and retrieving only. A reply starts when all of its instances are there: give the node a long read timeout.</source>
      <translation>Nur zum Suchen und Abrufen. Eine Antwort beginnt, wenn alle ihre Instanzen da sind: Geben Sie dem Knoten viel Zeit zum Lesen.</translation>
    </message>
    <message>
      <source>Kaapana</source>
      <translation>Kaapana</translation>
    </message>
    <message>
      <source>Its DICOMweb filter shows what the signed-in person may see. The token's audience is 'kaapana'.</source>
      <translation>Sein DICOMweb-Filter zeigt, was die angemeldete Person sehen darf. Die Audience des Tokens ist 'kaapana'.</translation>
    </message>
    <message>
      <source>Orthanc</source>
      <translation>Orthanc</translation>
    </message>
    <message>
      <source>Needs Orthanc's DICOMweb plugin. The base URL ends in /dicom-web unless its configuration says otherwise.</source>
      <translation>Braucht das DICOMweb-Plugin von Orthanc. Die Basis-URL endet auf /dicom-web, wenn seine Konfiguration nichts anderes sagt.</translation>
    </message>
    <message>
      <source>Static DICOMweb</source>
      <translation>Static DICOMweb</translation>
    </message>
    <message>
      <source>Files that were made beforehand, behind any web server. Nothing can be stored, and what a search finds is chosen here.</source>
      <translation>Vorab erzeugte Dateien hinter einem beliebigen Webserver. Nichts kann gespeichert werden, und was eine Suche findet, wird hier ausgewählt.</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesHost.requirements</name>
    <message>
      <source>Signing in with OAuth needs the Python package oauthlib, which is not installed yet. Download and install it from the Python Package Index now?</source>
      <translation>Die Anmeldung mit OAuth braucht das Python-Paket oauthlib, das noch nicht installiert ist. Jetzt vom Python Package Index herunterladen und installieren?</translation>
    </message>
  </context>
  <context>
    <name>AuthenticationEditor</name>
    <message>
      <source>Authentication method</source>
      <translation>Authentifizierung</translation>
    </message>
    <message>
      <source>Template</source>
      <translation>Vorlage</translation>
    </message>
    <message>
      <source>A template knows a provider's endpoints and scopes. Choose yours, answer what it asks, and press Fill.</source>
      <translation>Eine Vorlage kennt die Endpunkte und Scopes eines Anbieters. Wählen Sie die Ihre, beantworten Sie die Fragen und drücken Sie Ausfüllen.</translation>
    </message>
    <message>
      <source>&amp;Fill</source>
      <translation>Aus&amp;füllen</translation>
    </message>
    <message>
      <source>Fill in what is below from the answers.</source>
      <translation>Füllt aus, was darunter steht, aus den Antworten.</translation>
    </message>
    <message>
      <source>&amp;Name:</source>
      <translation>&amp;Name:</translation>
    </message>
    <message>
      <source>Provider</source>
      <translation>Anbieter</translation>
    </message>
    <message>
      <source>N&amp;ame:</source>
      <translation>N&amp;ame:</translation>
    </message>
    <message>
      <source>&amp;Issuer:</source>
      <translation>Aussteller (&amp;Issuer):</translation>
    </message>
    <message>
      <source>The issuer identifier (RFC 8414, OpenID Connect Discovery). The endpoints that are left empty below are read from its .well-known document.</source>
      <translation>Die Kennung des Ausstellers (RFC 8414, OpenID Connect Discovery). Endpunkte, die unten leer bleiben, werden seinem .well-known-Dokument entnommen.</translation>
    </message>
    <message>
      <source>What is left empty below is discovered from it.</source>
      <translation>Was unten leer bleibt, wird von ihm erfragt.</translation>
    </message>
    <message>
      <source>https://...</source>
      <translation>https://...</translation>
    </message>
    <message>
      <source>Authori&amp;zation endpoint:</source>
      <translation>Authori&amp;sierungs-Endpunkt:</translation>
    </message>
    <message>
      <source>discovered</source>
      <translation>wird erfragt</translation>
    </message>
    <message>
      <source>&amp;Token endpoint:</source>
      <translation>&amp;Token-Endpunkt:</translation>
    </message>
    <message>
      <source>&amp;Device endpoint:</source>
      <translation>&amp;Geräte-Endpunkt:</translation>
    </message>
    <message>
      <source>Re&amp;vocation endpoint:</source>
      <translation>&amp;Widerrufs-Endpunkt:</translation>
    </message>
    <message>
      <source>&amp;OpenID provider
(tells who signed in)</source>
      <translation>&amp;OpenID-Anbieter
(sagt, wer angemeldet ist)</translation>
    </message>
    <message>
      <source>Allow secrets over plain http</source>
      <translation>Geheimnisse per http erlauben</translation>
    </message>
    <message>
      <source>Registration</source>
      <translation>Registrierung</translation>
    </message>
    <message>
      <source>&amp;Client ID:</source>
      <translation>&amp;Client-ID:</translation>
    </message>
    <message>
      <source>client_id of RFC 6749 section 2.2.</source>
      <translation>client_id nach RFC 6749, Abschnitt 2.2.</translation>
    </message>
    <message>
      <source>The identifier under which this program is registered at the provider (RFC 6749 section 2.2). Ask whoever runs the provider to register a public client with PKCE.</source>
      <translation>Die Kennung, unter der dieses Programm beim Anbieter registriert ist (RFC 6749, Abschnitt 2.2). Bitten Sie den Betreiber, einen öffentlichen Client mit PKCE zu registrieren.</translation>
    </message>
    <message>
      <source>&amp;Grant:</source>
      <translation>Grant:</translation>
    </message>
    <message>
      <source>Who signs in, and where.</source>
      <translation>Wer sich anmeldet, und wo.</translation>
    </message>
    <message>
      <source>Who signs in (RFC 6749 section 1.3). A person in the browser: authorization code with PKCE. A person in a browser elsewhere: device code (RFC 8628). This program itself: client credentials.</source>
      <translation>Wer sich anmeldet (RFC 6749, Abschnitt 1.3). Eine Person im Browser: Authorization Code mit PKCE. Eine Person in einem Browser anderswo: Device Code (RFC 8628). Dieses Programm selbst: Client Credentials.</translation>
    </message>
    <message>
      <source>Secret is sent:</source>
      <translation>Das Geheimnis wird gesendet:</translation>
    </message>
    <message>
      <source>How the client proves who it is at the token endpoint (RFC 7591 section 2). A public client has no secret.</source>
      <translation>Wie sich der Client am Token-Endpunkt ausweist (RFC 7591, Abschnitt 2). Ein öffentlicher Client hat kein Geheimnis.</translation>
    </message>
    <message>
      <source>&amp;Scope:</source>
      <translation>Scop&amp;e:</translation>
    </message>
    <message>
      <source>What the token is for (RFC 6749 section 3.3). offline_access asks for a refresh token at many providers, so that nobody has to sign in again each hour.</source>
      <translation>Wofür das Token gilt (RFC 6749, Abschnitt 3.3). offline_access erbittet bei vielen Anbietern ein Refresh-Token, damit sich niemand jede Stunde neu anmelden muss.</translation>
    </message>
    <message>
      <source>Separated by spaces.</source>
      <translation>Durch Leerzeichen getrennt.</translation>
    </message>
    <message>
      <source>A&amp;udience:</source>
      <translation>A&amp;udience:</translation>
    </message>
    <message>
      <source>The API that the token is for, where the provider asks for it.</source>
      <translation>Die Schnittstelle, für die das Token gilt, wo der Anbieter danach fragt.</translation>
    </message>
    <message>
      <source>For which API the token is; Auth0 asks for it, most others do not.</source>
      <translation>Für welche Schnittstelle das Token gilt; Auth0 fragt danach, die meisten anderen nicht.</translation>
    </message>
    <message>
      <source>Redirect &amp;host:</source>
      <translation>Redirect-&amp;Host:</translation>
    </message>
    <message>
      <source>127.0.0.1, unless the provider was told localhost.</source>
      <translation>127.0.0.1, außer wenn dem Anbieter localhost genannt wurde.</translation>
    </message>
    <message>
      <source>Where the browser hands over the answer: this computer (RFC 8252 section 7.3). Some providers want exactly the address that was registered.</source>
      <translation>Wo der Browser die Antwort abgibt: dieser Rechner (RFC 8252, Abschnitt 7.3). Manche Anbieter verlangen genau die registrierte Adresse.</translation>
    </message>
    <message>
      <source>Redirect &amp;port:</source>
      <translation>Redirect-&amp;Port:</translation>
    </message>
    <message>
      <source>Any free port is right for providers that follow RFC 8252. Others want the port that was registered.</source>
      <translation>Irgendein freier Port ist richtig für Anbieter, die RFC 8252 folgen. Andere verlangen den registrierten Port.</translation>
    </message>
    <message>
      <source>any that is free</source>
      <translation>irgendeiner, der frei ist</translation>
    </message>
    <message>
      <source>Redi&amp;rect path:</source>
      <translation>Redi&amp;rect-Pfad:</translation>
    </message>
    <message>
      <source>As it was registered at the provider; usually nothing.</source>
      <translation>Wie er beim Anbieter registriert wurde; meist nichts.</translation>
    </message>
    <message>
      <source>Settings</source>
      <translation>Einstellungen</translation>
    </message>
    <message>
      <source>S&amp;ecret:</source>
      <translation>Gehei&amp;mnis:</translation>
    </message>
    <message>
      <source>Sho&amp;w</source>
      <translation>An&amp;zeigen</translation>
    </message>
  </context>
  <context>
    <name>AuthenticationManager</name>
    <message>
      <source>Authentication</source>
      <translation>Authentifizierung</translation>
    </message>
    <message>
      <source>Authentication methods</source>
      <translation>Authentifizierungen</translation>
    </message>
    <message>
      <source>&amp;Add...</source>
      <translation>&amp;Hinzufügen...</translation>
    </message>
    <message>
      <source>&amp;Edit...</source>
      <translation>&amp;Bearbeiten...</translation>
    </message>
    <message>
      <source>&amp;Remove</source>
      <translation>&amp;Entfernen</translation>
    </message>
    <message>
      <source>From Weasis's authenticationNodes.xml.</source>
      <translation>Aus der authenticationNodes.xml von Weasis.</translation>
    </message>
    <message>
      <source>&amp;Import...</source>
      <translation>&amp;Importieren...</translation>
    </message>
    <message>
      <source>&amp;Sign in</source>
      <translation>An&amp;melden</translation>
    </message>
    <message>
      <source>Opens the provider's page in your browser.</source>
      <translation>Öffnet die Seite des Anbieters in Ihrem Browser.</translation>
    </message>
    <message>
      <source>Sign &amp;out</source>
      <translation>Abme&amp;lden</translation>
    </message>
    <message>
      <source>Forgets the token, and revokes it at the provider.</source>
      <translation>Vergisst das Token und widerruft es beim Anbieter.</translation>
    </message>
    <message>
      <source>Keep them in a &amp;file...</source>
      <translation>In einer &amp;Datei ablegen...</translation>
    </message>
  </context>
  <context>
    <name>ErrorBar</name>
    <message>
      <source>Error</source>
      <translation>Fehler</translation>
    </message>
    <message>
      <source>Details</source>
      <translation>Einzelheiten</translation>
    </message>
    <message>
      <source>Show everything that is known, and copy it to the clipboard.</source>
      <translation>Zeigt alles, was bekannt ist, und kopiert es in die Zwischenablage.</translation>
    </message>
    <message>
      <source>What helps</source>
      <translation>Was hilft</translation>
    </message>
    <message>
      <source>Open the section of the manual about errors like this one, in the browser.</source>
      <translation>Öffnet den Abschnitt des Handbuchs über solche Fehler im Browser.</translation>
    </message>
    <message>
      <source>Hide</source>
      <translation>Verbergen</translation>
    </message>
    <message>
      <source>Hide this message.</source>
      <translation>Verbirgt diese Meldung.</translation>
    </message>
    <message>
      <source>Details of the error</source>
      <translation>Einzelheiten zum Fehler</translation>
    </message>
    <message>
      <source>Copied to the clipboard.</source>
      <translation>In die Zwischenablage kopiert.</translation>
    </message>
  </context>
  <context>
    <name>ImportPanel</name>
    <message>
      <source>Import</source>
      <translation>Import</translation>
    </message>
    <message>
      <source>No server yet</source>
      <translation>Noch kein Server</translation>
    </message>
    <message>
      <source>Add the DICOMweb server of your institution as a node, or look around on a public one. Nothing is sent anywhere before you press a button.</source>
      <translation>Fügen Sie den DICOMweb-Server Ihrer Einrichtung als Knoten hinzu, oder sehen Sie sich auf einem öffentlichen um. Nichts wird irgendwohin gesendet, bevor Sie eine Taste drücken.</translation>
    </message>
    <message>
      <source>A&amp;dd a node...</source>
      <translation>Knoten &amp;hinzufügen...</translation>
    </message>
    <message>
      <source>Try the &amp;public demo server</source>
      <translation>Den öffentlichen Demo-Server &amp;versuchen</translation>
    </message>
    <message>
      <source>Searches orthanc.uclouvain.be for all studies.</source>
      <translation>Sucht auf orthanc.uclouvain.be nach allen Studien.</translation>
    </message>
    <message>
      <source>Demo &amp;without network...</source>
      <translation>Vo&amp;rführung ohne Netz...</translation>
    </message>
    <message>
      <source>Opens the README, which shows how to run everything on this computer.</source>
      <translation>Öffnet die README, die zeigt, wie alles auf diesem Rechner läuft.</translation>
    </message>
  </context>
  <context>
    <name>ManifestDialog</name>
    <message>
      <source>Open a manifest or link</source>
      <translation>Manifest oder Link öffnen</translation>
    </message>
    <message>
      <source>&amp;Manifest or link:</source>
      <translation>&amp;Manifest oder Link:</translation>
    </message>
    <message>
      <source>https://..., weasis://... or a file</source>
      <translation>https://..., weasis://... oder eine Datei</translation>
    </message>
    <message>
      <source>&amp;Browse...</source>
      <translation>&amp;Durchsuchen...</translation>
    </message>
    <message>
      <source>&amp;Show</source>
      <translation>&amp;Zeigen</translation>
    </message>
    <message>
      <source>Shows what it asks for; a manifest on a server is read for that, nothing that it names is fetched.</source>
      <translation>Zeigt, was es verlangt; ein Manifest auf einem Server wird dafür gelesen, nichts, was es nennt, wird geholt.</translation>
    </message>
    <message>
      <source>What it asks for</source>
      <translation>Was es verlangt</translation>
    </message>
    <message>
      <source>Send its sign-in &amp;without encryption:
everybody on the way can read it</source>
      <translation>Anmeldung &amp;unverschlüsselt senden:
andere können sie lesen</translation>
    </message>
    <message>
      <source>Import and &amp;load</source>
      <translation>Importieren und &amp;laden</translation>
    </message>
    <message>
      <source>&amp;Import</source>
      <translation>&amp;Importieren</translation>
    </message>
  </context>
  <context>
    <name>NodeEditor</name>
    <message>
      <source>Node</source>
      <translation>Knoten</translation>
    </message>
    <message>
      <source>&amp;Description:</source>
      <translation>&amp;Beschreibung:</translation>
    </message>
    <message>
      <source>How this server is called in lists.</source>
      <translation>Wie dieser Server in Listen heißt.</translation>
    </message>
    <message>
      <source>&amp;Kind of server:</source>
      <translation>&amp;Art des Servers:</translation>
    </message>
    <message>
      <source>What its URL is made of, and which differences from the standard to expect.</source>
      <translation>Woraus seine URL besteht, und welche Abweichungen von der Norm zu erwarten sind.</translation>
    </message>
    <message>
      <source>D&amp;ocumentation</source>
      <translation>D&amp;okumentation</translation>
    </message>
    <message>
      <source>&amp;URL:</source>
      <translation>&amp;URL:</translation>
    </message>
    <message>
      <source>The base URL of the origin server (PS3.18 section 8.2): what stands in front of /studies, /series and /instances. Orthanc: http://host:8042/dicom-web, dcm4chee: https://host:8443/dcm4chee-arc/aets/AET/rs.</source>
      <translation>Die Basis-URL des Origin-Servers (PS3.18, Abschnitt 8.2): was vor /studies, /series und /instances steht. Orthanc: http://host:8042/dicom-web, dcm4chee: https://host:8443/dcm4chee-arc/aets/AET/rs.</translation>
    </message>
    <message>
      <source>What stands in front of /studies.</source>
      <translation>Was vor /studies steht.</translation>
    </message>
    <message>
      <source>https://host/dicom-web</source>
      <translation>https://host/dicom-web</translation>
    </message>
    <message>
      <source>Show what there is at this provider, for whoever is signed in.</source>
      <translation>Zeigt dem, der angemeldet ist, was es bei diesem Anbieter gibt.</translation>
    </message>
    <message>
      <source>C&amp;hoose...</source>
      <translation>&amp;Wählen...</translation>
    </message>
    <message>
      <source>Fill in its for&amp;m</source>
      <translation>&amp;Formular ausfüllen</translation>
    </message>
    <message>
      <source>Show what this URL is made of, one field for each part.</source>
      <translation>Zeigt, woraus diese URL besteht, ein Feld für jeden Teil.</translation>
    </message>
    <message>
      <source>&amp;Service:</source>
      <translation>D&amp;ienst:</translation>
    </message>
    <message>
      <source>QIDO-RS searches, WADO-RS and WADO-URI retrieve, STOW-RS stores.</source>
      <translation>QIDO-RS sucht, WADO-RS und WADO-URI rufen ab, STOW-RS speichert.</translation>
    </message>
    <message>
      <source>Which services of PS3.18 the URL offers. QIDO-RS searches, WADO-RS and WADO-URI retrieve, STOW-RS stores; DICOMweb is all RESTful services at one URL.</source>
      <translation>Welche Dienste von PS3.18 die URL bietet. QIDO-RS sucht, WADO-RS und WADO-URI rufen ab, STOW-RS speichert; DICOMweb sind alle RESTful-Dienste unter einer URL.</translation>
    </message>
    <message>
      <source>&amp;Retrieved by:</source>
      <translation>Ab&amp;gerufen von:</translation>
    </message>
    <message>
      <source>A QIDO-RS service only searches. Choose the node whose WADO-RS or WADO-URI service retrieves what this one finds.</source>
      <translation>Ein QIDO-RS-Dienst sucht nur. Wählen Sie den Knoten, dessen WADO-RS- oder WADO-URI-Dienst abruft, was dieser findet.</translation>
    </message>
    <message>
      <source>The node that retrieves what this one finds.</source>
      <translation>Der Knoten, der abruft, was dieser findet.</translation>
    </message>
    <message>
      <source>&amp;Authentication:</source>
      <translation>Au&amp;thentifizierung:</translation>
    </message>
    <message>
      <source>Mana&amp;ger...</source>
      <translation>&amp;Verwalten...</translation>
    </message>
    <message>
      <source>Add or change ways to sign in.</source>
      <translation>Anmeldungen hinzufügen oder ändern.</translation>
    </message>
    <message>
      <source>S&amp;et up...</source>
      <translation>&amp;Einrichten...</translation>
    </message>
    <message>
      <source>Add an authentication method from this template.</source>
      <translation>Fügt eine Authentifizierung aus dieser Vorlage hinzu.</translation>
    </message>
    <message>
      <source>HTTP headers</source>
      <translation>HTTP-Kopffelder</translation>
    </message>
    <message>
      <source>Sent with each request to this node. Values that look secret are hidden and kept with the secrets.</source>
      <translation>Werden mit jeder Anfrage an diesen Knoten gesendet. Werte, die geheim aussehen, sind verborgen und liegen bei den Geheimnissen.</translation>
    </message>
    <message>
      <source>&amp;New header</source>
      <translation>&amp;Neues Kopffeld</translation>
    </message>
    <message>
      <source>Remo&amp;ve header</source>
      <translation>&amp;Kopffeld löschen</translation>
    </message>
    <message>
      <source>Advanced</source>
      <translation>Erweitert</translation>
    </message>
    <message>
      <source>&amp;Connect within:</source>
      <translation>Verbindungs&amp;zeit:</translation>
    </message>
    <message>
      <source> s</source>
      <translation> s</translation>
    </message>
    <message>
      <source>&amp;Wait for data at most:</source>
      <translation>Auf &amp;Daten warten:</translation>
    </message>
    <message>
      <source>Seconds without any data, not for the whole answer. Raise it for servers that collect a study before they send the first instance.</source>
      <translation>Sekunden ganz ohne Daten, nicht für die ganze Antwort. Erhöhen Sie es bei Servern, die eine Studie sammeln, bevor sie die erste Instanz senden.</translation>
    </message>
    <message>
      <source>Rows in a &amp;page:</source>
      <translation>Zeilen je &amp;Seite:</translation>
    </message>
    <message>
      <source>The limit parameter of a search (PS3.18 section 8.3.4.4). Further pages are asked for until nothing new comes.</source>
      <translation>Der Parameter limit einer Suche (PS3.18, Abschnitt 8.3.4.4). Weitere Seiten werden erfragt, bis nichts Neues kommt.</translation>
    </message>
    <message>
      <source>as the server likes it</source>
      <translation>wie der Server es mag</translation>
    </message>
    <message>
      <source>&amp;Biggest document:</source>
      <translation>G&amp;rößtes Dokument:</translation>
    </message>
    <message>
      <source>Search results, metadata and images that are larger are refused, before they fill the memory.</source>
      <translation>Suchergebnisse, Metadaten und Bilder, die größer sind, werden abgelehnt, bevor sie den Speicher füllen.</translation>
    </message>
    <message>
      <source> MB</source>
      <translation> MB</translation>
    </message>
    <message>
      <source>Transfer s&amp;yntax:</source>
      <translation>Transfer S&amp;yntax:</translation>
    </message>
    <message>
      <source>The transfer-syntax parameter of the Accept header field (PS3.18 section 8.7.3.5). As stored (*) is the fastest and changes nothing; another one makes the server transcode, if it can.</source>
      <translation>Der Parameter transfer-syntax des Kopffelds Accept (PS3.18, Abschnitt 8.7.3.5). Wie gespeichert (*) ist am schnellsten und ändert nichts; bei einer anderen kodiert der Server um, wenn er kann.</translation>
    </message>
    <message>
      <source>In which encoding instances are asked for.</source>
      <translation>In welcher Kodierung Instanzen verlangt werden.</translation>
    </message>
    <message>
      <source>Pro&amp;xy:</source>
      <translation>Pro&amp;xy:</translation>
    </message>
    <message>
      <source>Host and port.</source>
      <translation>Host und Port.</translation>
    </message>
    <message>
      <source>as the system says</source>
      <translation>wie das System sagt</translation>
    </message>
    <message>
      <source>Proxy user:</source>
      <translation>Proxy-Benutzer:</translation>
    </message>
    <message>
      <source>For a proxy that wants to know who you are.</source>
      <translation>Für einen Proxy, der wissen will, wer Sie sind.</translation>
    </message>
    <message>
      <source>none</source>
      <translation>keine</translation>
    </message>
    <message>
      <source>Proxy password:</source>
      <translation>Proxy-Passwort:</translation>
    </message>
    <message>
      <source>Kept with the other secrets, and told to this proxy only.</source>
      <translation>Bei den anderen Geheimnissen aufbewahrt, und nur diesem Proxy gesagt.</translation>
    </message>
    <message>
      <source>Show</source>
      <translation>Anzeigen</translation>
    </message>
    <message>
      <source>CA &amp;file:</source>
      <translation>CA-Datei:</translation>
    </message>
    <message>
      <source>Needed when the server's certificate was issued by your institution. Ask its administrators for the PEM file, instead of turning the check of certificates off.</source>
      <translation>Nötig, wenn das Zertifikat des Servers von Ihrer Einrichtung stammt. Fragen Sie deren Verwalter nach der PEM-Datei, statt die Prüfung abzuschalten.</translation>
    </message>
    <message>
      <source>PEM file with the certificate authority of your institution.</source>
      <translation>PEM-Datei mit der Zertifizierungsstelle Ihrer Einrichtung.</translation>
    </message>
    <message>
      <source>C&amp;lient certificate:</source>
      <translation>C&amp;lient-Zertifikat:</translation>
    </message>
    <message>
      <source>PEM file.</source>
      <translation>PEM-Datei.</translation>
    </message>
    <message>
      <source>Cl&amp;ient key:</source>
      <translation>&amp;Client-Schlüssel:</translation>
    </message>
    <message>
      <source>PEM file; not needed when the key is in the certificate's file.</source>
      <translation>PEM-Datei; nicht nötig, wenn der Schlüssel in der Datei des Zertifikats ist.</translation>
    </message>
    <message>
      <source>Check the server's certificate</source>
      <translation>Zertifikat des Servers prüfen</translation>
    </message>
    <message>
      <source>Without TLS everybody on the way can read user names, passwords, tokens, and images. Say yes only within one computer or a closed network.</source>
      <translation>Ohne TLS kann jeder auf dem Weg Benutzernamen, Kennwörter, Token und Bilder lesen. Erlauben Sie es nur innerhalb eines Rechners oder eines geschlossenen Netzes.</translation>
    </message>
    <message>
      <source>Send credentials over plain http
(others can read them)</source>
      <translation>Anmeldedaten über http senden
(andere können sie lesen)</translation>
    </message>
    <message>
      <source>&amp;Test</source>
      <translation>&amp;Prüfen</translation>
    </message>
    <message>
      <source>Try each service with these settings.</source>
      <translation>Versucht jeden Dienst mit diesen Einstellungen.</translation>
    </message>
  </context>
  <context>
    <name>NodeManager</name>
    <message>
      <source>Nodes</source>
      <translation>Knoten</translation>
    </message>
    <message>
      <source>&amp;Add...</source>
      <translation>&amp;Hinzufügen...</translation>
    </message>
    <message>
      <source>Add a DICOMweb server.</source>
      <translation>Fügt einen DICOMweb-Server hinzu.</translation>
    </message>
    <message>
      <source>E&amp;dit...</source>
      <translation>&amp;Bearbeiten...</translation>
    </message>
    <message>
      <source>Change the selected node. Of a predefined one, a copy.</source>
      <translation>Ändert den gewählten Knoten; von einem vordefinierten eine Kopie.</translation>
    </message>
    <message>
      <source>&amp;Test</source>
      <translation>&amp;Prüfen</translation>
    </message>
    <message>
      <source>Try each service of the selected nodes.</source>
      <translation>Versucht jeden Dienst der gewählten Knoten.</translation>
    </message>
    <message>
      <source>&amp;More</source>
      <translation>&amp;Mehr</translation>
    </message>
    <message>
      <source>Duplicate, remove, reorder, import, export.</source>
      <translation>Duplizieren, entfernen, ordnen, importieren, exportieren.</translation>
    </message>
    <message>
      <source>A&amp;uthentication...</source>
      <translation>A&amp;uthentifizierung...</translation>
    </message>
    <message>
      <source>User names, tokens and sign-ins that nodes use.</source>
      <translation>Benutzernamen, Token und Anmeldungen, die Knoten verwenden.</translation>
    </message>
  </context>
  <context>
    <name>ResultsView</name>
    <message>
      <source>Filter what was found</source>
      <translation>Gefundenes filtern</translation>
    </message>
    <message>
      <source>Filter</source>
      <translation>Filter</translation>
    </message>
    <message>
      <source>E&amp;xpand</source>
      <translation>&amp;Aufklappen</translation>
    </message>
    <message>
      <source>Show the studies of all patients.</source>
      <translation>Zeigt die Studien aller Patienten.</translation>
    </message>
    <message>
      <source>Results</source>
      <translation>Ergebnisse</translation>
    </message>
    <message>
      <source>Import and &amp;load</source>
      <translation>Importieren und &amp;laden</translation>
    </message>
    <message>
      <source>Into the DICOM database, then into the scene.</source>
      <translation>In die DICOM-Datenbank, dann in die Szene.</translation>
    </message>
    <message>
      <source>Im&amp;port</source>
      <translation>I&amp;mportieren</translation>
    </message>
    <message>
      <source>Into the DICOM database.</source>
      <translation>In die DICOM-Datenbank.</translation>
    </message>
    <message>
      <source>Sen&amp;d...</source>
      <translation>S&amp;enden...</translation>
    </message>
    <message>
      <source>Send what is in the DICOM database to a node.</source>
      <translation>Sendet an einen Knoten, was in der DICOM-Datenbank ist.</translation>
    </message>
  </context>
  <context>
    <name>SearchForm</name>
    <message>
      <source>&amp;Node:</source>
      <translation>&amp;Knoten:</translation>
    </message>
    <message>
      <source>Nodes to search</source>
      <translation>Zu durchsuchende Knoten</translation>
    </message>
    <message>
      <source>Patient na&amp;me:</source>
      <translation>Patienten&amp;name:</translation>
    </message>
    <message>
      <source>Matched as PS3.4 section C.2.2.2 says: family name ^ given name, * for any characters, ? for one.</source>
      <translation>Verglichen nach PS3.4, Abschnitt C.2.2.2: Familienname ^ Vorname, * für beliebige Zeichen, ? für eines.</translation>
    </message>
    <message>
      <source>Family name first. * stands for any characters, ? for one.</source>
      <translation>Familienname zuerst. * steht für beliebige Zeichen, ? für eines.</translation>
    </message>
    <message>
      <source>Doe*</source>
      <translation>Muster*</translation>
    </message>
    <message>
      <source>Patient &amp;ID:</source>
      <translation>Patienten-&amp;ID:</translation>
    </message>
    <message>
      <source>Patient ID (0010,0020); * and ? as in a name.</source>
      <translation>Patient ID (0010,0020); * und ? wie in einem Namen.</translation>
    </message>
    <message>
      <source>Study d&amp;ate:</source>
      <translation>Studien&amp;datum:</translation>
    </message>
    <message>
      <source>First day</source>
      <translation>Erster Tag</translation>
    </message>
    <message>
      <source>to</source>
      <translation>bis</translation>
    </message>
    <message>
      <source>Last day</source>
      <translation>Letzter Tag</translation>
    </message>
    <message>
      <source>M&amp;odalities:</source>
      <translation>M&amp;odalitäten:</translation>
    </message>
    <message>
      <source>Modalities in Study (0008,0061): studies that have one of these.</source>
      <translation>Modalities in Study (0008,0061): Studien, die eine davon haben.</translation>
    </message>
    <message>
      <source>More fields</source>
      <translation>Mehr Felder</translation>
    </message>
    <message>
      <source>Accession num&amp;ber:</source>
      <translation>Auftra&amp;gsnummer:</translation>
    </message>
    <message>
      <source>Accession Number (0008,0050), as the order has it.</source>
      <translation>Accession Number (0008,0050), wie im Auftrag.</translation>
    </message>
    <message>
      <source>Stud&amp;y description:</source>
      <translation>Studien&amp;beschreibung:</translation>
    </message>
    <message>
      <source>Study Description (0008,1030); not every server can search for it.</source>
      <translation>Study Description (0008,1030); nicht jeder Server kann danach suchen.</translation>
    </message>
    <message>
      <source>St&amp;udy ID:</source>
      <translation>St&amp;udien-ID:</translation>
    </message>
    <message>
      <source>Study ID (0020,0010).</source>
      <translation>Study ID (0020,0010).</translation>
    </message>
    <message>
      <source>&amp;Referring physician:</source>
      <translation>&amp;Überweisender Arzt:</translation>
    </message>
    <message>
      <source>Referring Physician's Name (0008,0090).</source>
      <translation>Referring Physician's Name (0008,0090).</translation>
    </message>
    <message>
      <source>Study UID:</source>
      <translation>Studien-UID:</translation>
    </message>
    <message>
      <source>Study Instance UID (0020,000D). Several, separated by commas, are matched as a list of UIDs.</source>
      <translation>Study Instance UID (0020,000D). Mehrere, durch Kommas getrennt, werden als Liste von UIDs verglichen.</translation>
    </message>
    <message>
      <source>Several are separated by a comma.</source>
      <translation>Mehrere werden durch ein Komma getrennt.</translation>
    </message>
    <message>
      <source>The fuzzymatching parameter (PS3.18 section 8.3.4.2). Servers that do not know it match names as they are written.</source>
      <translation>Der Parameter fuzzymatching (PS3.18, Abschnitt 8.3.4.2). Server, die ihn nicht kennen, vergleichen Namen, wie sie geschrieben sind.</translation>
    </message>
    <message>
      <source>Also names that sound alike</source>
      <translation>Auch ähnlich klingende Namen</translation>
    </message>
    <message>
      <source>Where the server can: others match names as they are written.</source>
      <translation>Wo der Server es kann: Andere vergleichen Namen, wie sie geschrieben sind.</translation>
    </message>
    <message>
      <source>&amp;Search</source>
      <translation>&amp;Suchen</translation>
    </message>
    <message>
      <source>S&amp;top</source>
      <translation>S&amp;topp</translation>
    </message>
    <message>
      <source>Saved sear&amp;ches</source>
      <translation>Ges&amp;peicherte Suchen</translation>
    </message>
    <message>
      <source>Open lin&amp;k...</source>
      <translation>Link ö&amp;ffnen...</translation>
    </message>
    <message>
      <source>Opens a Weasis manifest, a weasis:// link, or the address of a DICOMweb study or series.</source>
      <translation>Öffnet ein Manifest von Weasis, einen weasis://-Link oder die Adresse einer DICOMweb-Studie oder -Serie.</translation>
    </message>
  </context>
  <context>
    <name>SettingsPanel</name>
    <message>
      <source>DICOMWeb Nodes</source>
      <translation>DICOMWeb Nodes</translation>
    </message>
    <message>
      <source>&amp;Parallel series:</source>
      <translation>&amp;Parallele Serien:</translation>
    </message>
    <message>
      <source>How many requests of one transfer run side by side, at most. Each brings a series; fewer run when more would not be faster, or when the server says that it is busy.</source>
      <translation>Wie viele Anfragen einer Übertragung höchstens nebeneinander laufen. Jede bringt eine Serie; weniger sind es, wenn mehr nicht schneller wären oder der Server sagt, dass er beschäftigt ist.</translation>
    </message>
    <message>
      <source>After each series the server is asked which instances it lists, and each of them has to be there. This finds what counting does not: an instance that came in place of another. It costs one more search for each series, which is felt with many small ones. It applies to imports that start from now on.</source>
      <translation>Nach jeder Serie wird der Server gefragt, welche Instanzen er aufführt, und jede davon muss da sein. Das findet, was Zählen nicht findet: eine Instanz, die anstelle einer anderen kam. Es kostet eine Suche mehr je Serie, was bei vielen kleinen zu spüren ist. Es gilt für Importe, die ab jetzt beginnen.</translation>
    </message>
    <message>
      <source>Co&amp;mpare imports with the server's list</source>
      <translation>I&amp;mporte mit der Liste des Servers vergleichen</translation>
    </message>
    <message>
      <source>Pre&amp;views kept, in MB:</source>
      <translation>&amp;Vorschaubilder in MB:</translation>
    </message>
    <message>
      <source>How much disk space the small pictures in the results may take. 0: none is kept.</source>
      <translation>Wie viel Platz die kleinen Bilder in den Ergebnissen auf der Platte einnehmen dürfen. 0: Es wird keines behalten.</translation>
    </message>
    <message>
      <source>none</source>
      <translation>keine</translation>
    </message>
    <message>
      <source>Previews are kept &amp;in:</source>
      <translation>Vorschaubilder l&amp;iegen in:</translation>
    </message>
    <message>
      <source>A folder for the previews; empty: where this system keeps what can be had again.</source>
      <translation>Ein Ordner für die Vorschaubilder; leer: wo dieses System ablegt, was wieder zu haben ist.</translation>
    </message>
    <message>
      <source>where this system keeps caches</source>
      <translation>wo dieses System Caches ablegt</translation>
    </message>
    <message>
      <source>...</source>
      <translation>...</translation>
    </message>
    <message>
      <source>Choose the folder.</source>
      <translation>Den Ordner wählen.</translation>
    </message>
    <message>
      <source>&amp;Empty</source>
      <translation>&amp;Leeren</translation>
    </message>
    <message>
      <source>Remove all previews; they are asked for again when they are needed.</source>
      <translation>Entfernt alle Vorschaubilder; sie werden wieder erfragt, wenn sie gebraucht werden.</translation>
    </message>
    <message>
      <source>&amp;Log:</source>
      <translation>P&amp;rotokoll:</translation>
    </message>
    <message>
      <source>What goes to Slicer's log: no secrets, no names and no values that were searched for.</source>
      <translation>Was in das Protokoll von Slicer kommt: keine Geheimnisse, keine Namen und keine Werte, nach denen gesucht wurde.</translation>
    </message>
    <message>
      <source>Problems only</source>
      <translation>Nur Probleme</translation>
    </message>
    <message>
      <source>One line an action</source>
      <translation>Eine Zeile je Vorgang</translation>
    </message>
    <message>
      <source>Every request too</source>
      <translation>Auch jede Anfrage</translation>
    </message>
    <message>
      <source>&amp;Secrets are kept in:</source>
      <translation>Ge&amp;heimnisse liegen in:</translation>
    </message>
    <message>
      <source>S&amp;how</source>
      <translation>&amp;Zeigen</translation>
    </message>
    <message>
      <source>Passwords, tokens, client secrets and secret headers: in the system's keyring where there is one, else in memory, or in a file that only you can read.</source>
      <translation>Kennwörter, Token, Client-Geheimnisse und geheime Kopffelder: im Schlüsselbund des Systems, wo es einen gibt, sonst im Arbeitsspeicher oder in einer Datei, die nur Sie lesen können.</translation>
    </message>
    <message>
      <source>&amp;Reset</source>
      <translation>Zurü&amp;cksetzen</translation>
    </message>
    <message>
      <source>All of these settings as they were in the beginning; nodes, methods and secrets stay.</source>
      <translation>Alle diese Einstellungen wie am Anfang; Knoten, Authentifizierungen und Geheimnisse bleiben.</translation>
    </message>
    <message>
      <source>&amp;Copy diagnostics</source>
      <translation>&amp;Diagnose kopieren</translation>
    </message>
    <message>
      <source>Copy versions, nodes without secrets and the last errors to the clipboard, for somebody who helps.</source>
      <translation>Kopiert Versionen, Knoten ohne Geheimnisse und die letzten Fehler in die Zwischenablage, für jemanden, der hilft.</translation>
    </message>
  </context>
  <context>
    <name>SignInPanel</name>
    <message>
      <source>Address of the page to sign in</source>
      <translation>Adresse der Anmeldeseite</translation>
    </message>
    <message>
      <source>The address to open, for this or another browser.</source>
      <translation>Die zu öffnende Adresse, für diesen oder einen anderen Browser.</translation>
    </message>
    <message>
      <source>Copy &amp;link</source>
      <translation>&amp;Adresse kopieren</translation>
    </message>
    <message>
      <source>&amp;Cancel sign-in</source>
      <translation>A&amp;nmeldung abbrechen</translation>
    </message>
  </context>
  <context>
    <name>TransfersPanel</name>
    <message>
      <source>Transfers</source>
      <translation>Übertragungen</translation>
    </message>
    <message>
      <source>No transfers yet. What you import or send shows here.</source>
      <translation>Noch keine Übertragungen. Was Sie importieren oder senden, erscheint hier.</translation>
    </message>
    <message>
      <source>&amp;Pause</source>
      <translation>An&amp;halten</translation>
    </message>
    <message>
      <source>&amp;Resume</source>
      <translation>&amp;Fortsetzen</translation>
    </message>
    <message>
      <source>&amp;Cancel</source>
      <translation>A&amp;bbrechen</translation>
    </message>
    <message>
      <source>Re&amp;try</source>
      <translation>&amp;Wiederholen</translation>
    </message>
    <message>
      <source>Fetch or send what is missing.</source>
      <translation>Holt oder sendet, was fehlt.</translation>
    </message>
    <message>
      <source>Clear f&amp;inished</source>
      <translation>F&amp;ertige entfernen</translation>
    </message>
    <message>
      <source>Take finished transfers off this list.</source>
      <translation>Nimmt beendete Übertragungen aus dieser Liste.</translation>
    </message>
  </context>
</TS>
