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
      <source>It refers to {n} other series of the DICOM database. Load them too?</source>
      <translation>Es verweist auf {n} andere Serien der DICOM-Datenbank. Diese auch laden?</translation>
    </message>
    <message>
      <source>Sign in...</source>
      <translation>Anmelden...</translation>
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
      <source>Import and &amp;load</source>
      <translation>Importieren und &amp;laden</translation>
    </message>
    <message>
      <source>&amp;Import</source>
      <translation>&amp;Importieren</translation>
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
      <source>no node</source>
      <translation>kein Knoten</translation>
    </message>
    <message>
      <source>none</source>
      <translation>keine</translation>
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
      <source>{name} copy</source>
      <translation>{name} Kopie</translation>
    </message>
    <message>
      <source>Such servers usually take: {template}</source>
      <translation>Solche Server nehmen meist: {template}</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.node_manager</name>
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
    <name>DICOMWebNodesUI.questions</name>
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
    <name>DICOMWebNodesUI.results_menu</name>
    <message>
      <source>Import and &amp;load</source>
      <translation>Importieren und &amp;laden</translation>
    </message>
    <message>
      <source>&amp;Import</source>
      <translation>&amp;Importieren</translation>
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
      <source>Copy study &amp;UIDs</source>
      <translation>&amp;UIDs der Studien kopieren</translation>
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
      <source>Description</source>
      <translation>Beschreibung</translation>
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
      <source>1 study</source>
      <translation>1 Studie</translation>
    </message>
    <message>
      <source>looking for its series...</source>
      <translation>sucht die Serien...</translation>
    </message>
    <message>
      <source>looking for its instances...</source>
      <translation>sucht die Instanzen...</translation>
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
      <source>{n} instances are in the DICOM database</source>
      <translation>{n} Instanzen sind in der DICOM-Datenbank</translation>
    </message>
    <message>
      <source>{n} of {m} studies are in the DICOM database</source>
      <translation>{n} von {m} Studien sind in der DICOM-Datenbank</translation>
    </message>
    <message>
      <source>imported from {first}, also on {others}</source>
      <translation>importiert von {first}, auch auf {others}</translation>
    </message>
    <message>
      <source>{n} of {m} instances are in the DICOM database</source>
      <translation>{n} von {m} Instanzen sind in der DICOM-Datenbank</translation>
    </message>
    <message>
      <source>{name}, born {date}</source>
      <translation>{name}, geboren {date}</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.results_patient</name>
    <message>
      <source>{n} studies</source>
      <translation>{n} Studien</translation>
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
    <name>DICOMWebNodesUI.row_texts</name>
    <message>
      <source>(no name)</source>
      <translation>(ohne Namen)</translation>
    </message>
    <message>
      <source>{name}  ({id})</source>
      <translation>{name}  ({id})</translation>
    </message>
    <message>
      <source>{columns} x {rows}</source>
      <translation>{columns} x {rows}</translation>
    </message>
    <message>
      <source>{n} frames</source>
      <translation>{n} Bilder</translation>
    </message>
    <message>
      <source>Study {id}</source>
      <translation>Studie {id}</translation>
    </message>
    <message>
      <source>Series {number}</source>
      <translation>Serie {number}</translation>
    </message>
    <message>
      <source>Instance {number}</source>
      <translation>Instanz {number}</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.saved_searches</name>
    <message>
      <source>Save this search</source>
      <translation>Suche speichern</translation>
    </message>
    <message>
      <source>Name:</source>
      <translation>Name:</translation>
    </message>
    <message>
      <source>&amp;Remove</source>
      <translation>&amp;Entfernen</translation>
    </message>
    <message>
      <source>&amp;Save this search...</source>
      <translation>&amp;Diese Suche speichern...</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.search_form</name>
    <message>
      <source>Several nodes...</source>
      <translation>Mehrere Knoten...</translation>
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
      <source>This was not finished. Resume brings what is missing, Cancel forgets it.</source>
      <translation>Dies wurde nicht fertig. Fortsetzen holt, was fehlt; Abbrechen vergisst es.</translation>
    </message>
    <message>
      <source>{n} of {all}</source>
      <translation>{n} von {all}</translation>
    </message>
    <message>
      <source>incomplete</source>
      <translation>unvollständig</translation>
    </message>
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
      <source>The server has confirmed {n} of it, which will not be sent again.</source>
      <translation>Der Server hat {n} davon bestätigt; sie werden nicht noch einmal gesendet.</translation>
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
      <source>not finished</source>
      <translation>nicht fertig</translation>
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
      <source>A manifest or link asked {host} for this, and what it brought for that is not kept. Open it again (Import, Open link...): only what is missing is fetched. Cancel forgets it.</source>
      <translation>Ein Manifest oder Link wollte das von {host}; was es dafür mitbrachte, wird nicht aufbewahrt. Öffnen Sie es noch einmal (Import, Link öffnen...): Nur was fehlt, wird geholt. Abbrechen vergisst es.</translation>
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
  </context>
  <context>
    <name>DICOMWebNodesHost.requirements</name>
    <message>
      <source>Signing in with OAuth needs the Python package oauthlib, which is not installed yet. Download and install it from the Python Package Index now?</source>
      <translation>Die Anmeldung mit OAuth braucht das Python-Paket oauthlib, das noch nicht installiert ist. Jetzt vom Python Package Index herunterladen und installieren?</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesHost.waiting</name>
    <message>
      <source>DICOMWeb Nodes: {name}</source>
      <translation>DICOMWeb Nodes: {name}</translation>
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
      <source>&amp;OpenID provider (tells who signed in)</source>
      <translation>&amp;OpenID-Anbieter (sagt, wer angemeldet ist)</translation>
    </message>
    <message>
      <source>Allow secrets over plain http</source>
      <translation>Geheimnisse über unverschlüsseltes http erlauben</translation>
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
      <translation>&amp;Zeigen</translation>
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
      <source>Send its sign-in &amp;without encryption: everybody on the way can read it</source>
      <translation>Seine Anmeldung &amp;unverschlüsselt senden: Jeder auf dem Weg kann sie lesen</translation>
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
      <translation>&amp;Kopffeld entfernen</translation>
    </message>
    <message>
      <source>Advanced</source>
      <translation>Erweitert</translation>
    </message>
    <message>
      <source>&amp;Connect within:</source>
      <translation>Verbinden inner&amp;halb von:</translation>
    </message>
    <message>
      <source> s</source>
      <translation> s</translation>
    </message>
    <message>
      <source>&amp;Wait for data at most:</source>
      <translation>Auf &amp;Daten warten höchstens:</translation>
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
      <source>Host and port, without user name.</source>
      <translation>Host und Port, ohne Benutzernamen.</translation>
    </message>
    <message>
      <source>as the system says</source>
      <translation>wie das System sagt</translation>
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
      <translation>Das Zertifikat des Servers prüfen</translation>
    </message>
    <message>
      <source>Without TLS everybody on the way can read user names, passwords, tokens, and images. Say yes only within one computer or a closed network.</source>
      <translation>Ohne TLS kann jeder auf dem Weg Benutzernamen, Kennwörter, Token und Bilder lesen. Erlauben Sie es nur innerhalb eines Rechners oder eines geschlossenen Netzes.</translation>
    </message>
    <message>
      <source>Send credentials although the URL is http (others can read them)</source>
      <translation>Anmeldedaten senden, obwohl die URL http ist (andere können sie lesen)</translation>
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
      <source>Also names that sound alike, where the server can</source>
      <translation>Auch ähnlich klingende Namen, wo der Server es kann</translation>
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
