<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="fr_FR" sourcelanguage="en_US">
  <context>
    <name>DICOMWebNodes</name>
    <message>
      <source>DICOMWeb Nodes</source>
      <translation>DICOMWeb Nodes</translation>
    </message>
    <message>
      <source>Keeps DICOMweb servers as named nodes, signs in, searches, and brings studies into the DICOM database and the scene; sends series back. Nothing is sent anywhere unless you ask for it.</source>
      <translation>Tient des serveurs DICOMweb comme nœuds nommés, se connecte, recherche, apporte des études dans la base DICOM et dans la scène, et renvoie des séries. Rien n'est envoyé nulle part sans que vous le demandiez.</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.application</name>
    <message>
      <source>Search and retrieve from DICOMweb servers, with sign-in, in the module DICOMWeb Nodes.</source>
      <translation>Rechercher et récupérer sur des serveurs DICOMweb, avec connexion, dans le module DICOMWeb Nodes.</translation>
    </message>
    <message>
      <source>DICOM&amp;web nodes...</source>
      <translation>Nœuds DICOM&amp;web...</translation>
    </message>
    <message>
      <source>DICOMWeb Nodes</source>
      <translation>DICOMWeb Nodes</translation>
    </message>
    <message>
      <source>Import from DICOM&amp;web nodes...</source>
      <translation>Importer de nœuds DICOM&amp;web...</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.authentication_editor</name>
    <message>
      <source>The provider's address is plain http: everybody on the way can read passwords and tokens that are sent to it. That is for tests on a network of your own.</source>
      <translation>L'adresse du fournisseur est en http non chiffré : chacun sur le chemin peut lire les mots de passe et les jetons qui y sont envoyés. C'est pour des essais sur votre propre réseau.</translation>
    </message>
    <message>
      <source>Add an authentication method</source>
      <translation>Ajouter une authentification</translation>
    </message>
    <message>
      <source>a person, in the browser</source>
      <translation>une personne, dans le navigateur</translation>
    </message>
    <message>
      <source>a person, in a browser elsewhere</source>
      <translation>une personne, dans un navigateur ailleurs</translation>
    </message>
    <message>
      <source>this program itself</source>
      <translation>ce programme lui-même</translation>
    </message>
    <message>
      <source>there is none (public client)</source>
      <translation>il n'y en a pas (client public)</translation>
    </message>
    <message>
      <source>in the header (client_secret_basic)</source>
      <translation>dans l'en-tête (client_secret_basic)</translation>
    </message>
    <message>
      <source>in the body (client_secret_post)</source>
      <translation>dans le corps (client_secret_post)</translation>
    </message>
    <message>
      <source>Plain http</source>
      <translation>http non chiffré</translation>
    </message>
    <message>
      <source>Allow plain http</source>
      <translation>Permettre http non chiffré</translation>
    </message>
    <message>
      <source>kept as it is</source>
      <translation>reste tel quel</translation>
    </message>
    <message>
      <source>Edit {name}</source>
      <translation>Modifier {name}</translation>
    </message>
    <message>
      <source>Asking {issuer} for its endpoints...</source>
      <translation>Demande de ses points d'accès à {issuer}...</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.authentication_manager</name>
    <message>
      <source>This computer has no keyring. Passwords and tokens can be kept in a file that only you can read; whoever gets hold of your disk or your backups can read them there.</source>
      <translation>Cet ordinateur n'a pas de trousseau. Mots de passe et jetons peuvent être gardés dans un fichier que vous seul pouvez lire ; qui met la main sur votre disque ou vos sauvegardes peut les y lire.</translation>
    </message>
    <message>
      <source>sign-in (OAuth 2.0)</source>
      <translation>connexion (OAuth 2.0)</translation>
    </message>
    <message>
      <source>password</source>
      <translation>mot de passe</translation>
    </message>
    <message>
      <source>token</source>
      <translation>jeton</translation>
    </message>
    <message>
      <source>key</source>
      <translation>clé</translation>
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
      <translation>Garder les secrets dans un fichier</translation>
    </message>
    <message>
      <source>Keep them in a file</source>
      <translation>Les garder dans un fichier</translation>
    </message>
    <message>
      <source>Remove authentication</source>
      <translation>Supprimer l'authentification</translation>
    </message>
    <message>
      <source>Remove</source>
      <translation>Supprimer</translation>
    </message>
    <message>
      <source>Name</source>
      <translation>Nom</translation>
    </message>
    <message>
      <source>Kind</source>
      <translation>Genre</translation>
    </message>
    <message>
      <source>State</source>
      <translation>État</translation>
    </message>
    <message>
      <source>Passwords and tokens are kept in {place}.</source>
      <translation>Mots de passe et jetons sont gardés dans : {place}.</translation>
    </message>
    <message>
      <source>Remove '{name}', with its secret and its sign-in?</source>
      <translation>Supprimer « {name} », avec son secret et sa connexion ?</translation>
    </message>
    <message>
      <source> as {account}</source>
      <translation> comme {account}</translation>
    </message>
    <message>
      <source>, for {time} more</source>
      <translation>, encore {time}</translation>
    </message>
    <message>
      <source>For: {scope}</source>
      <translation>Pour : {scope}</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.database_offer</name>
    <message>
      <source>Folder for the DICOM database</source>
      <translation>Dossier de la base DICOM</translation>
    </message>
    <message>
      <source>Open the database</source>
      <translation>Ouvrir la base</translation>
    </message>
    <message>
      <source>Choose a folder...</source>
      <translation>Choisir un dossier...</translation>
    </message>
    <message>
      <source>Open the DICOM module</source>
      <translation>Ouvrir le module DICOM</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.dates</name>
    <message>
      <source>any</source>
      <translation>indifférent</translation>
    </message>
    <message>
      <source>today</source>
      <translation>aujourd'hui</translation>
    </message>
    <message>
      <source>yesterday</source>
      <translation>hier</translation>
    </message>
    <message>
      <source>last 7 days</source>
      <translation>7 derniers jours</translation>
    </message>
    <message>
      <source>last 31 days</source>
      <translation>31 derniers jours</translation>
    </message>
    <message>
      <source>last 12 months</source>
      <translation>12 derniers mois</translation>
    </message>
    <message>
      <source>from ... to</source>
      <translation>de ... à</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.error_bar</name>
    <message>
      <source>Error</source>
      <translation>Erreur</translation>
    </message>
    <message>
      <source>Node</source>
      <translation>Nœud</translation>
    </message>
    <message>
      <source>Asked</source>
      <translation>Demandé</translation>
    </message>
    <message>
      <source>Cause</source>
      <translation>Cause</translation>
    </message>
    <message>
      <source>Status</source>
      <translation>Statut</translation>
    </message>
    <message>
      <source>Next step</source>
      <translation>Que faire</translation>
    </message>
    <message>
      <source>The server said</source>
      <translation>Le serveur a dit</translation>
    </message>
    <message>
      <source>Field</source>
      <translation>Champ</translation>
    </message>
    <message>
      <source>Manual</source>
      <translation>Manuel</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.export_file</name>
    <message>
      <source>{name}: its client secret is not in the file.</source>
      <translation>{name} : son secret de client n'est pas dans le fichier.</translation>
    </message>
    <message>
      <source>{name}: the header {header} is not in the file, because it may be secret.</source>
      <translation>{name} : l'en-tête {header} n'est pas dans le fichier, car il peut être secret.</translation>
    </message>
    <message>
      <source>{name} is not in the file: {reason}.</source>
      <translation>{name} n'est pas dans le fichier : {reason}.</translation>
    </message>
    <message>
      <source>Export nodes</source>
      <translation>Exporter des nœuds</translation>
    </message>
    <message>
      <source>Export nodes for Weasis</source>
      <translation>Exporter des nœuds pour Weasis</translation>
    </message>
    <message>
      <source>Export authentication methods for Weasis</source>
      <translation>Exporter des authentifications pour Weasis</translation>
    </message>
    <message>
      <source>Node files (*.json)</source>
      <translation>Fichiers de nœuds (*.json)</translation>
    </message>
    <message>
      <source>Files of Weasis, or of its newer form (*.xml *.json)</source>
      <translation>Fichiers de Weasis, ou de sa forme récente (*.xml *.json)</translation>
    </message>
    <message>
      <source>{n} written to {path}.</source>
      <translation>{n} dans {path}.</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.header_table</name>
    <message>
      <source>Name</source>
      <translation>Nom</translation>
    </message>
    <message>
      <source>Value</source>
      <translation>Valeur</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.help_menu</name>
    <message>
      <source>Help</source>
      <translation>Aide</translation>
    </message>
    <message>
      <source>The manual, and a report for somebody who helps. Shift+F1 explains a single field.</source>
      <translation>Le manuel, et un rapport pour qui vous aide. Maj+F1 explique un seul champ.</translation>
    </message>
    <message>
      <source>Versions, nodes without secrets and the last errors.</source>
      <translation>Versions, nœuds sans secrets et dernières erreurs.</translation>
    </message>
    <message>
      <source>Copy &amp;diagnostics</source>
      <translation>Copier le &amp;diagnostic</translation>
    </message>
    <message>
      <source>Copied to the clipboard. It has no secrets; read it before you send it.</source>
      <translation>Copié dans le presse-papiers. Il ne contient pas de secrets ; lisez-le avant de l'envoyer.</translation>
    </message>
    <message>
      <source>Open the &amp;manual</source>
      <translation>Ouvrir le &amp;manuel</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.import_file</name>
    <message>
      <source>Import nodes or authentication methods</source>
      <translation>Importer des nœuds ou des authentifications</translation>
    </message>
    <message>
      <source>Files of this program and of Weasis (*.json *.xml)</source>
      <translation>Fichiers de ce programme et de Weasis (*.json *.xml)</translation>
    </message>
    <message>
      <source>Take the secrets in {name} too?

That is client secrets, secret headers, and which node signs in how. Take them from a file of your own only: a stranger's file could send your sign-in to a stranger's server.</source>
      <translation>Reprendre aussi les secrets de {name} ?

Ce sont les secrets de clients, les en-têtes secrets et la façon dont chaque nœud se connecte. Ne les reprenez que d'un fichier à vous : celui d'un inconnu pourrait envoyer votre connexion au serveur d'un inconnu.</translation>
    </message>
    <message>
      <source>{name}: its client secret was left out; edit it to give it.</source>
      <translation>{name} : son secret de client a été laissé de côté ; modifiez-la pour le donner.</translation>
    </message>
    <message>
      <source>{name}: the value of the header {header} was left out; edit it to give it.</source>
      <translation>{name} : la valeur de l'en-tête {header} a été laissée de côté ; modifiez-le pour la donner.</translation>
    </message>
    <message>
      <source>{name}: how it signs in was left out; edit it to choose that.</source>
      <translation>{name} : sa façon de se connecter a été laissée de côté ; modifiez-le pour la choisir.</translation>
    </message>
    <message>
      <source>{name}: it signs in with a method that is not here; import authenticationNodes.xml too.</source>
      <translation>{name} : il se connecte avec une authentification absente ici ; importez aussi authenticationNodes.xml.</translation>
    </message>
    <message>
      <source>Import from Weasis</source>
      <translation>Importer de Weasis</translation>
    </message>
    <message>
      <source>&amp;Without secrets</source>
      <translation>&amp;Sans les secrets</translation>
    </message>
    <message>
      <source>With &amp;secrets</source>
      <translation>&amp;Avec les secrets</translation>
    </message>
    <message>
      <source>{added} added, {skipped} left out.</source>
      <translation>{added} ajoutés, {skipped} laissés de côté.</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.import_panel</name>
    <message>
      <source>It refers to {n} other series of the DICOM database. Load them too?</source>
      <translation>Cela se réfère à {n} autres séries de la base DICOM. Les charger aussi ?</translation>
    </message>
    <message>
      <source>Sign in...</source>
      <translation>Se connecter...</translation>
    </message>
    <message>
      <source>{node} failed: not all it has is shown.</source>
      <translation>{node} a échoué : tout ce qu'il a n'est pas montré.</translation>
    </message>
    <message>
      <source>Continue the search</source>
      <translation>Continuer la recherche</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.manifest_dialog</name>
    <message>
      <source>It brings {names} for {host}, which is sent there only and not kept.</source>
      <translation>Il apporte {names} pour {host} ; ce n'est envoyé que là et n'est pas gardé.</translation>
    </message>
    <message>
      <source>Opening...</source>
      <translation>Ouverture...</translation>
    </message>
    <message>
      <source>Manifests (*.xml *.json *.gz);;All files (*)</source>
      <translation>Manifestes (*.xml *.json *.gz);;Tous les fichiers (*)</translation>
    </message>
    <message>
      <source>Nothing has been fetched yet. Shall this come from {hosts}?</source>
      <translation>Rien n'a encore été récupéré. Cela doit-il venir de {hosts} ?</translation>
    </message>
    <message>
      <source>A Weasis manifest (a file or an address), a weasis:// link, or the address of a DICOMweb study or series. What it asks for is shown before anything of it is fetched.</source>
      <translation>Un manifeste de Weasis (un fichier ou une adresse), un lien weasis:// ou l'adresse d'une étude ou d'une série DICOMweb. Ce qu'il demande est montré avant que rien n'en soit récupéré.</translation>
    </message>
    <message>
      <source>Server</source>
      <translation>Serveur</translation>
    </message>
    <message>
      <source>Your node</source>
      <translation>Votre nœud</translation>
    </message>
    <message>
      <source>Patient, as it says</source>
      <translation>Patient, selon lui</translation>
    </message>
    <message>
      <source>Asks for</source>
      <translation>Demande</translation>
    </message>
    <message>
      <source>Service</source>
      <translation>Service</translation>
    </message>
    <message>
      <source>Import and &amp;load</source>
      <translation>Importer et &amp;charger</translation>
    </message>
    <message>
      <source>&amp;Import</source>
      <translation>&amp;Importer</translation>
    </message>
    <message>
      <source>Open a manifest</source>
      <translation>Ouvrir un manifeste</translation>
    </message>
    <message>
      <source>none</source>
      <translation>aucune</translation>
    </message>
    <message>
      <source>1 study</source>
      <translation>1 étude</translation>
    </message>
    <message>
      <source>{n} studies</source>
      <translation>{n} études</translation>
    </message>
    <message>
      <source>1 series</source>
      <translation>1 série</translation>
    </message>
    <message>
      <source>{n} series</source>
      <translation>{n} séries</translation>
    </message>
    <message>
      <source>1 instance</source>
      <translation>1 instance</translation>
    </message>
    <message>
      <source>{n} instances</source>
      <translation>{n} instances</translation>
    </message>
    <message>
      <source>{name} ({id})</source>
      <translation>{name} ({id})</translation>
    </message>
    <message>
      <source>everything with {what}</source>
      <translation>tout avec {what}</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.modalities</name>
    <message>
      <source>any</source>
      <translation>indifférent</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.module_panel</name>
    <message>
      <source>Import</source>
      <translation>Importation</translation>
    </message>
    <message>
      <source>Transfers</source>
      <translation>Transferts</translation>
    </message>
    <message>
      <source>Nodes</source>
      <translation>Nœuds</translation>
    </message>
    <message>
      <source>Transfers ({n})</source>
      <translation>Transferts ({n})</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.node_checks</name>
    <message>
      <source>✔ works</source>
      <translation>✔ fonctionne</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.node_editor</name>
    <message>
      <source>Add a node</source>
      <translation>Ajouter un nœud</translation>
    </message>
    <message>
      <source>no node</source>
      <translation>aucun nœud</translation>
    </message>
    <message>
      <source>none</source>
      <translation>aucune</translation>
    </message>
    <message>
      <source>checking...</source>
      <translation>vérification...</translation>
    </message>
    <message>
      <source>Edit {name}</source>
      <translation>Modifier {name}</translation>
    </message>
    <message>
      <source>{name} copy</source>
      <translation>{name} copie</translation>
    </message>
    <message>
      <source>Such servers usually take: {template}</source>
      <translation>De tels serveurs prennent d'habitude : {template}</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.node_manager</name>
    <message>
      <source>Name</source>
      <translation>Nom</translation>
    </message>
    <message>
      <source>Service</source>
      <translation>Service</translation>
    </message>
    <message>
      <source>URL</source>
      <translation>URL</translation>
    </message>
    <message>
      <source>Authentication</source>
      <translation>Authentification</translation>
    </message>
    <message>
      <source>Sign-in</source>
      <translation>Connexion</translation>
    </message>
    <message>
      <source>Last check</source>
      <translation>Dernière vérification</translation>
    </message>
    <message>
      <source>Remove nodes</source>
      <translation>Supprimer des nœuds</translation>
    </message>
    <message>
      <source>Remove</source>
      <translation>Supprimer</translation>
    </message>
    <message>
      <source>missing</source>
      <translation>manque</translation>
    </message>
    <message>
      <source>none</source>
      <translation>aucune</translation>
    </message>
    <message>
      <source>&amp;Duplicate</source>
      <translation>&amp;Dupliquer</translation>
    </message>
    <message>
      <source>&amp;Remove...</source>
      <translation>&amp;Supprimer...</translation>
    </message>
    <message>
      <source>Move &amp;up</source>
      <translation>Vers le &amp;haut</translation>
    </message>
    <message>
      <source>Move d&amp;own</source>
      <translation>Vers le &amp;bas</translation>
    </message>
    <message>
      <source>&amp;Import from a file...</source>
      <translation>&amp;Importer d'un fichier...</translation>
    </message>
    <message>
      <source>&amp;Export nodes to a file...</source>
      <translation>&amp;Exporter les nœuds vers un fichier...</translation>
    </message>
    <message>
      <source>Export nodes for &amp;Weasis...</source>
      <translation>Exporter des nœuds pour &amp;Weasis...</translation>
    </message>
    <message>
      <source>Export &amp;their authentication for Weasis...</source>
      <translation>Exporter &amp;leurs authentifications pour Weasis...</translation>
    </message>
    <message>
      <source>Remove these nodes? What was imported from them stays.

{names}</source>
      <translation>Supprimer ces nœuds ? Ce qui en a été importé reste.

{names}</translation>
    </message>
    <message>
      <source>checking...</source>
      <translation>vérification...</translation>
    </message>
    <message>
      <source>{name} (predefined)</source>
      <translation>{name} (prédéfini)</translation>
    </message>
    <message>
      <source>Last check of {name}</source>
      <translation>Dernière vérification de {name}</translation>
    </message>
    <message>
      <source>✘ failed</source>
      <translation>✘ échec</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.part_chooser</name>
    <message>
      <source>&amp;Authentication:</source>
      <translation>&amp;Authentification :</translation>
    </message>
    <message>
      <source>Add an authentication method for this provider first, and sign in with it.</source>
      <translation>Ajoutez d'abord une authentification pour ce fournisseur, et connectez-vous avec elle.</translation>
    </message>
    <message>
      <source>Choose from {provider}</source>
      <translation>Choisir chez {provider}</translation>
    </message>
    <message>
      <source>&amp;Sign in...</source>
      <translation>&amp;Se connecter...</translation>
    </message>
    <message>
      <source>Asking for {label}...</source>
      <translation>Demande de {label}...</translation>
    </message>
    <message>
      <source>There is no {label} that you may see; it can be typed.</source>
      <translation>Il n'y a pas de {label} que vous puissiez voir ; on peut l'écrire.</translation>
    </message>
    <message>
      <source>{label}:</source>
      <translation>{label} :</translation>
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
      <translation>Ce n'est pas l'URL habituelle de {provider}, qui ressemble à {example}</translation>
    </message>
    <message>
      <source>recognised by the URL</source>
      <translation>reconnu à l'URL</translation>
    </message>
    <message>
      <source>It follows from what is filled in above.</source>
      <translation>Cela découle de ce qui est rempli ci-dessus.</translation>
    </message>
    <message>
      <source>{label}:</source>
      <translation>{label} :</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.questions</name>
    <message>
      <source>optional</source>
      <translation>facultatif</translation>
    </message>
    <message>
      <source>{label}:</source>
      <translation>{label} :</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.results_children</name>
    <message>
      <source>It has no series.</source>
      <translation>Elle n'a pas de séries.</translation>
    </message>
    <message>
      <source>It has no instances.</source>
      <translation>Elle n'a pas d'instances.</translation>
    </message>
    <message>
      <source>{title}: {n} without a valid UID are left out.</source>
      <translation>{title} : {n} sans UID valide sont laissées de côté.</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.results_menu</name>
    <message>
      <source>Import and &amp;load</source>
      <translation>Importer et &amp;charger</translation>
    </message>
    <message>
      <source>&amp;Import</source>
      <translation>&amp;Importer</translation>
    </message>
    <message>
      <source>Import &amp;from</source>
      <translation>Importer &amp;de</translation>
    </message>
    <message>
      <source>{name}  ({series} series, {instances} instances)</source>
      <translation>{name}  ({series} séries, {instances} instances)</translation>
    </message>
    <message>
      <source>Copy study &amp;UIDs</source>
      <translation>Copier les &amp;UID d'études</translation>
    </message>
    <message>
      <source>Copy &amp;series UIDs</source>
      <translation>Copier les UID de &amp;séries</translation>
    </message>
    <message>
      <source>Copy i&amp;nstance UIDs</source>
      <translation>Copier les UID d'i&amp;nstances</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.results_model</name>
    <message>
      <source>Patient / study / series</source>
      <translation>Patient / étude / série</translation>
    </message>
    <message>
      <source>Date</source>
      <translation>Date</translation>
    </message>
    <message>
      <source>Modality</source>
      <translation>Modalité</translation>
    </message>
    <message>
      <source>Description</source>
      <translation>Description</translation>
    </message>
    <message>
      <source>Series</source>
      <translation>Séries</translation>
    </message>
    <message>
      <source>✔ is in Slicer's DICOM database, ◐ in part</source>
      <translation>✔ est dans la base DICOM de Slicer, ◐ en partie</translation>
    </message>
    <message>
      <source>1 study</source>
      <translation>1 étude</translation>
    </message>
    <message>
      <source>looking for its series...</source>
      <translation>recherche de ses séries...</translation>
    </message>
    <message>
      <source>looking for its instances...</source>
      <translation>recherche de ses instances...</translation>
    </message>
    <message>
      <source>Instances</source>
      <translation>Instances</translation>
    </message>
    <message>
      <source>Here</source>
      <translation>Ici</translation>
    </message>
    <message>
      <source>Node</source>
      <translation>Nœud</translation>
    </message>
    <message>
      <source>{n} instances are in the DICOM database</source>
      <translation>{n} instances sont dans la base DICOM</translation>
    </message>
    <message>
      <source>{n} of {m} studies are in the DICOM database</source>
      <translation>{n} études sur {m} sont dans la base DICOM</translation>
    </message>
    <message>
      <source>imported from {first}, also on {others}</source>
      <translation>importée de {first}, aussi sur {others}</translation>
    </message>
    <message>
      <source>{n} of {m} instances are in the DICOM database</source>
      <translation>{n} instances sur {m} sont dans la base DICOM</translation>
    </message>
    <message>
      <source>{name}, born {date}</source>
      <translation>{name}, né(e) le {date}</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.results_patient</name>
    <message>
      <source>{n} studies</source>
      <translation>{n} études</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.results_status</name>
    <message>
      <source>{n} of the server's results have no valid Study Instance UID and are left out.</source>
      <translation>{n} résultats du serveur n'ont pas de Study Instance UID valide et sont laissés de côté.</translation>
    </message>
    <message>
      <source>no studies</source>
      <translation>aucune étude</translation>
    </message>
    <message>
      <source>1 study</source>
      <translation>1 étude</translation>
    </message>
    <message>
      <source>{found} so far...</source>
      <translation>{found} jusqu'ici...</translation>
    </message>
    <message>
      <source>{found} found.</source>
      <translation>{found} au total.</translation>
    </message>
    <message>
      <source>Waiting for {names}.</source>
      <translation>Attente de {names}.</translation>
    </message>
    <message>
      <source>{n} studies</source>
      <translation>{n} études</translation>
    </message>
    <message>
      <source>Waiting for {n} nodes.</source>
      <translation>Attente de {n} nœuds.</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.row_texts</name>
    <message>
      <source>(no name)</source>
      <translation>(sans nom)</translation>
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
      <translation>{n} images</translation>
    </message>
    <message>
      <source>Study {id}</source>
      <translation>Étude {id}</translation>
    </message>
    <message>
      <source>Series {number}</source>
      <translation>Série {number}</translation>
    </message>
    <message>
      <source>Instance {number}</source>
      <translation>Instance {number}</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.saved_searches</name>
    <message>
      <source>Save this search</source>
      <translation>Enregistrer cette recherche</translation>
    </message>
    <message>
      <source>Name:</source>
      <translation>Nom :</translation>
    </message>
    <message>
      <source>&amp;Remove</source>
      <translation>&amp;Supprimer</translation>
    </message>
    <message>
      <source>&amp;Save this search...</source>
      <translation>&amp;Enregistrer cette recherche...</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.search_form</name>
    <message>
      <source>Several nodes...</source>
      <translation>Plusieurs nœuds...</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.send_menu</name>
    <message>
      <source>Import it first: what is sent comes from the database.</source>
      <translation>Importez-la d'abord : ce qui est envoyé vient de la base.</translation>
    </message>
    <message>
      <source>nothing of what is selected is in the DICOM database</source>
      <translation>rien de ce qui est choisi n'est dans la base DICOM</translation>
    </message>
    <message>
      <source>to {name}</source>
      <translation>vers {name}</translation>
    </message>
    <message>
      <source>no node stores</source>
      <translation>aucun nœud ne stocke</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.settings_panel</name>
    <message>
      <source>Folder for previews</source>
      <translation>Dossier des aperçus</translation>
    </message>
    <message>
      <source>&amp;Take out of the file</source>
      <translation>&amp;Sortir du fichier</translation>
    </message>
    <message>
      <source>Move into a &amp;file</source>
      <translation>Mettre dans un &amp;fichier</translation>
    </message>
    <message>
      <source>Copied to the clipboard. It has no secrets; read it before you send it.</source>
      <translation>Copié dans le presse-papiers. Il ne contient pas de secrets ; lisez-le avant de l'envoyer.</translation>
    </message>
    <message>
      <source>{size} of previews removed.</source>
      <translation>{size} d'aperçus supprimés.</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.sign_in_panel</name>
    <message>
      <source>Waiting for the browser: finish the sign-in on the page that has opened there.</source>
      <translation>Attente du navigateur : terminez la connexion sur la page qui s'y est ouverte.</translation>
    </message>
    <message>
      <source>Open the address in any browser, on any computer, and enter this code:</source>
      <translation>Ouvrez l'adresse dans un navigateur quelconque, sur un ordinateur quelconque, et entrez ce code :</translation>
    </message>
    <message>
      <source>{name}: asking the provider...</source>
      <translation>{name} : demande au fournisseur...</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.sop_classes</name>
    <message>
      <source>Presentation state</source>
      <translation>État de présentation</translation>
    </message>
    <message>
      <source>Raw data</source>
      <translation>Données brutes</translation>
    </message>
    <message>
      <source>Spatial registration</source>
      <translation>Recalage spatial</translation>
    </message>
    <message>
      <source>Spatial fiducials</source>
      <translation>Repères spatiaux</translation>
    </message>
    <message>
      <source>Deformable spatial registration</source>
      <translation>Recalage spatial déformable</translation>
    </message>
    <message>
      <source>Surface segmentation</source>
      <translation>Segmentation de surface</translation>
    </message>
    <message>
      <source>Structured report</source>
      <translation>Compte rendu structuré</translation>
    </message>
    <message>
      <source>Key object selection</source>
      <translation>Sélection d'objets clés</translation>
    </message>
    <message>
      <source>Radiation dose report</source>
      <translation>Rapport de dose</translation>
    </message>
    <message>
      <source>PDF document</source>
      <translation>Document PDF</translation>
    </message>
    <message>
      <source>CDA document</source>
      <translation>Document CDA</translation>
    </message>
    <message>
      <source>STL model</source>
      <translation>Modèle STL</translation>
    </message>
    <message>
      <source>OBJ model</source>
      <translation>Modèle OBJ</translation>
    </message>
    <message>
      <source>RT structure set</source>
      <translation>Structures RT</translation>
    </message>
    <message>
      <source>RT plan</source>
      <translation>Plan RT</translation>
    </message>
    <message>
      <source>RT ion plan</source>
      <translation>Plan RT d'ions</translation>
    </message>
    <message>
      <source>Electrocardiogram</source>
      <translation>Électrocardiogramme</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.thumbnails</name>
    <message>
      <source>no picture</source>
      <translation>pas d'image</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.transfer_report</name>
    <message>
      <source>stored</source>
      <translation>stockées</translation>
    </message>
    <message>
      <source>stored, but changed by the server</source>
      <translation>stockées, mais changées par le serveur</translation>
    </message>
    <message>
      <source>there already</source>
      <translation>déjà là</translation>
    </message>
    <message>
      <source>not confirmed by the server</source>
      <translation>non confirmées par le serveur</translation>
    </message>
    <message>
      <source>not stored</source>
      <translation>non stockées</translation>
    </message>
    <message>
      <source>not a DICOM file</source>
      <translation>pas un fichier DICOM</translation>
    </message>
    <message>
      <source>{n} {outcome}</source>
      <translation>{n} {outcome}</translation>
    </message>
    <message>
      <source>Node</source>
      <translation>Nœud</translation>
    </message>
    <message>
      <source>{n} confirmed before</source>
      <translation>{n} déjà confirmées</translation>
    </message>
    <message>
      <source>{n} not sent</source>
      <translation>{n} non envoyées</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.transfer_rows</name>
    <message>
      <source>This was not finished. Resume brings what is missing, Cancel forgets it.</source>
      <translation>Cela n'a pas été terminé. Reprendre apporte ce qui manque, Annuler l'oublie.</translation>
    </message>
    <message>
      <source>{n} of {all}</source>
      <translation>{n} sur {all}</translation>
    </message>
    <message>
      <source>incomplete</source>
      <translation>incomplet</translation>
    </message>
    <message>
      <source>waiting</source>
      <translation>en attente</translation>
    </message>
    <message>
      <source>paused</source>
      <translation>en pause</translation>
    </message>
    <message>
      <source>failed</source>
      <translation>échec</translation>
    </message>
    <message>
      <source>cancelled</source>
      <translation>annulé</translation>
    </message>
    <message>
      <source>retrieving</source>
      <translation>récupération</translation>
    </message>
    <message>
      <source>into the database</source>
      <translation>vers la base</translation>
    </message>
    <message>
      <source>sending</source>
      <translation>envoi</translation>
    </message>
    <message>
      <source>The server has confirmed {n} of it, which will not be sent again.</source>
      <translation>Le serveur en a confirmé {n}, qui ne seront pas renvoyées.</translation>
    </message>
    <message>
      <source>sent</source>
      <translation>envoyé</translation>
    </message>
    <message>
      <source>in the database</source>
      <translation>dans la base</translation>
    </message>
    <message>
      <source>not finished</source>
      <translation>non terminé</translation>
    </message>
    <message>
      <source>(no series)</source>
      <translation>(aucune série)</translation>
    </message>
    <message>
      <source>(no file)</source>
      <translation>(aucun fichier)</translation>
    </message>
    <message>
      <source>A manifest or link asked {host} for this, and what it brought for that is not kept. Open it again (Import, Open link...): only what is missing is fetched. Cancel forgets it.</source>
      <translation>Un manifeste ou un lien a demandé cela à {host} ; ce qu’il apportait pour cela n’est pas conservé. Ouvrez-le de nouveau (Import, Ouvrir un lien...) : seul ce qui manque est récupéré. Annuler l’oublie.</translation>
    </message>
    <message>
      <source>and {n} more</source>
      <translation>et {n} de plus</translation>
    </message>
    <message>
      <source>Series {number}</source>
      <translation>Série {number}</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.transfers_panel</name>
    <message>
      <source>What</source>
      <translation>Quoi</translation>
    </message>
    <message>
      <source>Progress</source>
      <translation>Progression</translation>
    </message>
    <message>
      <source>Speed</source>
      <translation>Débit</translation>
    </message>
    <message>
      <source>Left</source>
      <translation>Reste</translation>
    </message>
    <message>
      <source>State</source>
      <translation>État</translation>
    </message>
    <message>
      <source>{title} to {node}</source>
      <translation>{title} vers {node}</translation>
    </message>
    <message>
      <source>Send to {node}</source>
      <translation>Envoyer vers {node}</translation>
    </message>
    <message>
      <source>Copy &amp;details</source>
      <translation>Copier les &amp;détails</translation>
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
    <name>DICOMWebNodesHost.library_texts</name>
    <message>
      <source>signed out, and the token is revoked at {provider}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Edit the node and give it again.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Use it: give it to a node.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>signed out here; {provider} has no way to revoke a token before it expires</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the value of the header '{name}' is not kept here</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>'{name}' needs nobody to sign in</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>nobody was signed in with '{name}'</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>signed out here only: {error}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>sign in</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Somebody may have tampered with the sign-in. Start it again.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{provider} sent neither a code nor an error</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the answer does not name its issuer, and {issuer} was asked</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the answer names '{other}' as its issuer, and {issuer} was asked</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>refused {times} time(s): a callback that {why}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>something went wrong; 3D Slicer says what</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Run 'aws configure' or 'aws sso login' (which needs the Python package botocore here).</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Run 'aws sso login', or whatever this profile needs.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Correct it, or run 'aws configure'.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>there are no AWS credentials: neither in the environment nor in the profile '{name}'</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Run it by hand to see why: it is named in the AWS configuration file.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the AWS profile '{profile}' gave no credentials ({error})</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the AWS file {path} cannot be read ({error})</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the credential_process of the AWS profile gave no credentials ({error})</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Check the network, and the provider's address in the authentication method.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{host} answered {answer}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the answer (of no type) is not a JSON object</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the answer ({type}) is not a JSON object</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the answer of {host} is larger than {limit:,} bytes</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the sign-in was cancelled</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Start it again when you are ready.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>sign in with the device code</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{provider} sent no {missing}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the code expired before anybody entered it</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Start the sign-in again and enter the new code.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Check the issuer's URL, or give its endpoints.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Give the issuer exactly as the provider writes it.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Give it, or choose another grant: the provider may not offer this one.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>nothing can be discovered from the issuer '{issuer}': {cause}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the metadata of '{issuer}' is that of another issuer, '{other}'</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{issuer} does not say where its {missing} is</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>discover {issuer}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>an authentication method is a JSON object</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the {field} is {value!r}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the {field} is missing</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Choose one of {choices}.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>audience</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>authorization endpoint</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>client ID</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>device authorization endpoint</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>grant</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>issuer</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>kind</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>provider</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>registration</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>revocation endpoint</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>token endpoint</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>token endpoint auth method</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>has mode {mode}: other users of this computer can read it</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Run 'chmod 600 {path}'</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{path}, which only you can read</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Keep secrets in the system's keyring, or in the memory.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Sign in and give passwords again.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Check the path and the rights on it.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{path} {problem}, with the secrets in it</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{folder} cannot be kept from other users ({reason})</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the file of secrets was damaged and is now {aside}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{path} does not tell who can read it: {reason}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{cure}, and change the passwords and tokens that were in it.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Run 'gcloud auth application-default login', or set GOOGLE_APPLICATION_CREDENTIALS to a key file.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>gcloud gives no token</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Run 'gcloud auth login'.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Install it with 'python -m pip install google-auth', or use 'gcloud'.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>gcloud is not installed</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Install the Google Cloud CLI, or choose another authentication.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{path} holds credentials of type '{kind}', which need the Python package google-auth</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{path} holds no credentials</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>google-auth does not get a token with {path} ({error})</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{path} has no {error}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Google does not accept {path}: {words}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{path} cannot be read: {reason}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Sign in again.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the provider's ID token is refused: {cause}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>it is of another issuer, '{issuer}'</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>it is for another client, '{client}'</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>it was issued to another client, '{client}'</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>it has expired</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>it belongs to another sign-in (its nonce is not ours)</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>it is missing</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>it cannot be read</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the system's keyring ({value})</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Unlock it and try again, or keep secrets in a file: 'auth secrets --file'.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{place} does not open ({error})</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Finish the other sign-in first, or close the program that uses the port.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>port {port} of this computer, to which the browser shall come back, is taken</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>nobody finished the sign-in within {timeout} s</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>client secret</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>password</source>
      <translation>mot de passe</translation>
    </message>
    <message>
      <source>token</source>
      <translation>jeton</translation>
    </message>
    <message>
      <source>key</source>
      <translation>clé</translation>
    </message>
    <message>
      <source>an authentication method needs a name</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Give it one.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the user name is missing</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the user name {value!r} has a colon or a control character, which Basic authentication cannot carry</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Give it, or the issuer, from which it can be discovered.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>an OpenID provider needs an issuer, or its ID token cannot be checked</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Give the issuer.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>a name of {length} characters, more than {most}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the {field} {value!r} is not one; it looks like '{example}'</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the {field} is {value!r}, not one of {names}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the kind is {kind!r}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the uid is {uid!r}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>a method of kind '{kind}' has no '{name}'</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{value!r} is not text</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>service</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>payload</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>a method of kind '{kind}' has no {field}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>region</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>there is no authentication method '{name_or_uid}'</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Choose another name.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>authentication methods</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>there is a method named '{name}' already</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>there is a method with the uid '{uid}' already</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>'{name}' is the authentication of {names}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>signing in with OAuth needs the Python package oauthlib, which is not installed</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Install it with 'python -m pip install oauthlib', or choose another authentication.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>You can close this window and go back to 3D Slicer.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>en</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>You are signed in as {account}. {done}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Signed in</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Not signed in</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{cause}. You can close this window.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Not found</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>This is not the answer to a sign-in.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Give the URL up to the '#'.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Use https, or allow plain http for this provider.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>'{url}' is followed by a fragment</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>'{url}' is plain http, and passwords and tokens sent to it can be read on the way</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>its URL {url} is plain http: everybody on the way could read the credential</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Give it up to the '?'.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the provider</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the provider's name {name!r} cannot be shown as it is</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the issuer '{issuer}' has a query</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{flag} is {value!r}, neither true nor false</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{text} is {value!r}, not text</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the client ID is missing</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The provider's administrator gives it when this program is registered.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>client credentials need a client secret</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Give it, or choose another grant.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Give a number up to 65535, or 0 for any that is free.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Give a plain path like '/callback', as it is registered.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Separate scopes by spaces.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>It is made for each sign-in, or has a field of its own.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the redirect host is {redirect_host!r}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the redirect port is {port!r}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the redirect path is {redirect_path!r}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the scope {scope!r} is not written well</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the authorization parameter '{name}' cannot be given</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the {field} {value!r} has a character that none has</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Only this computer can be one: {names}.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>sign out</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The token was forgotten here; end the session in your account at the provider as well.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{provider} answered {answer} to the revocation</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the key of a service account needs the Python package cryptography, or openssl, to sign with</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Install it with 'python -m pip install cryptography'.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the private key of the service account is not an RSA key that can be read</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Create a new key for the service account.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>memory, until this program ends</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the sign-in is not finished after {timeout} s</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the sign-in broke off ({error})</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the {secret} of '{name}' is not kept here</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Give it: 'auth login' asks for it, and so does 'auth edit' for a {secret}.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>signed in</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>sign-in required: the last one expired</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{secret} is missing</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>ready</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>sign-in required</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>It looks like '{example}'.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>there is no template '{name}'</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{label} is '{answer}'</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Choose one of {names}.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>It asks for nothing.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>There are {names}.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{label} is missing</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{label} is not {expects}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{label} '{value}' is not {expects}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>'{template}' does not ask for '{name}'</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>It asks for {names}.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Check the client ID, the client secret and how the secret is sent.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Check the client secret, or ask the provider's administrator to allow this grant.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Check the scope in the authentication method.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Sign in again and allow the access, or ask for the right to it.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Choose another grant: this provider does not offer this one.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Check the authentication method against what is registered.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>redeem the authorization code</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Check the token endpoint in the authentication method.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the access was denied at {provider}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{provider} refused</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{what}: {words}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the answer of {provider} breaks the protocol: {cause}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>renew the token</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>get a token for the client</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>get a token for the service account</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the access token has characters that no header can carry</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the token is of type '{kind}', and only bearer tokens are known here</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>status {status} with a token</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>status {status} without an access token</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>status {status}, and the body is not that of a token</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the sign-in with '{name}' is over, {why}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>nobody is signed in with '{name}'</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>and the provider gave no means to renew it</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the provider does not renew it: {words}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Weasis knows OAuth 2.0 only, not '{kind}'</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Weasis does not know the grant '{grant}'</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Weasis discovers nothing, and its {missing} is not given</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>its grant is '{word}'</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>a method without a name</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>can be opened by {names}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Run '{command}'</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>belongs to {owner}, who can open it</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Move it elsewhere, and choose a file anew</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>try the retrieve service</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{levels} can be searched; {across}, without the number of instances; a page has {rows} at most</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>gives {units} at once (a study was too large to be tried), as {forms}; {pictures}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>answers, but there is nothing to try it with</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>answers, but there is nothing to try it with. It gives single instances: studies and series come when a QIDO-RS node, which lists them, is retrieved by it</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the server does not offer it: nothing can be stored there</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>answers; it has no studies, or none that you may see</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>studies</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>series</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>instances</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>all series</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>all instances</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the instances of a study</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{across} at once</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>series within their study only</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{levels} can be searched; {across}, with the number of instances; a page has {rows} at most</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>a study</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>a series</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>an instance</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>multipart/related</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>application/dicom</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>thumbnails</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>rendered pictures</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>no pictures</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>gives {units} at once, as {forms}; {pictures}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>cannot be tried without storing something</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>takes instances (tried with an empty message)</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>try WADO-URI</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the compressed answer ends in the middle</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the answer cannot be decompressed ({error})</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the answer is compressed with “{coding}”, for which nobody asked</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{name} should be {expected} and is {shown}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>an object</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>an array</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>text</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>a truth value</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>null</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the number {number}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>text in a component group of a person name</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the answer is {kind} instead of an array of DICOM JSON objects</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>an integer</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>a number</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>a person name</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>text in “BulkDataURI”</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>a UID</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>an object with “vr” and “Value”</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>an array in “Value”</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>row {row} of the answer is {kind} instead of a DICOM JSON object</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Base64 text in “InlineBinary”</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>an item</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Correct the path in the node.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>it was cancelled</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>client certificate</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the node's {what} {path} is not there</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the server redirects in a circle</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the server redirects to a place that is not safe ({place})</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the server redirects to another host ({origin})</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>CA file</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>client key</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>one of its servers has no URL</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>servers</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{value!r} is not text, a number, a date or a list of them</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>is not understood</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Write it as {example}.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{attribute} {value!r} {why}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{attribute} is a sequence</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>has a character that cannot be searched for</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>takes no wildcards</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Leave it out to match anything.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>is not a number</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>is not a date and time</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>ends before it begins</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>is not a time of the day</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Name an attribute in it, such as {attribute}.CodeValue.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>is not a day of the calendar</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the answer has no parts: no boundary stands in it</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the answer ends before its closing delimiter, without any whole part</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the answer ends before its closing delimiter, behind 1 whole part</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the answer ends before its closing delimiter, behind {count} whole parts</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the head of part {part} has a line that is no header field: {text!r}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>no boundary stands in the first {passed:,} bytes of the answer</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the head of part {part} is larger than {limit:,} bytes</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Send it again when nobody writes to it.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{path} changed while it was sent</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{path} cannot be read ({reason})</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>study</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>instance</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{level} {uid}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the answer is a document of type &lt;{root}&gt;, not a DICOM data set</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the answer nests sequences too deeply</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the answer {problem}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>it is no DICOM file: “DICM” does not stand behind its preamble</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>one of its UIDs is longer than a kilobyte</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>its {name} is {uid!r}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>its deflated data set is damaged</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Type it instead ({label}): it is in the provider's console.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Type it.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>nobody lists what {label} can be</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{instead} Or ask for the right to list them.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the answer is not a JSON object</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the token of the next page is not text</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>list what {label} can be</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>more than {most:,} choices</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>try what it offers ({offer})</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the instance does not come</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>try the store service</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Correct the file, or install the extension again.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the provider profile {path} cannot be used: {why}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>there is no provider profile '{name}'</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>it is not a JSON object</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>it has no title</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>a page of {raw} rows</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>it takes no requests</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>it is not JSON: {error}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>unknown field '{key}'</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the field '{key}' is {value!r}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>objects</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the field '{key}' holds something else than {holds}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>unknown {name} '{value}'</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>only {count} {level} came: the server may have more, but no further page of them; narrow the search</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>search {level}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>only {count} {level} came: the server has more, but no further page of them (“{said}”); narrow the search</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>names are matched as they are written: this server knows no fuzzy matching</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>series are looked for study by study, because this server knows no other way</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>instances are looked for series by series, because this server knows no other way</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{name} is compared here, because this server cannot: it has to send all that may match</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the server warns: {said}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Give the study too, or match on SeriesInstanceUID.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Modality is an attribute of series, not of studies</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Match on ModalitiesInStudy, or search for series.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{name} is {value!r}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the series {uid} is given without its study</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Give several values as a list.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{level} are not searched for within one of the {within}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Give a whole number from {least} on.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{attribute} is asked for twice</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{text!r} has more than the three UIDs study/series/instance</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>not a URL: its host is not written well</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>there is no study in the URL path {names!r}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Ask for less, or raise the node's document limit.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{origin} answered {media_type}, not DICOMweb</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>nested too deeply</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the answer is larger than {limit:,} bytes</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>content without a type</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{told}: “{shown}”</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the answer is not JSON ({reason}): “{shown}”</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>only {arrived} bytes came in {seconds} s</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>it is a DICOMDIR, an index of instances</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>it is not a DICOM file (PS3.10)</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>store {count} instances</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>store {file}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{said} and did not say what it stored</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the server knows no such attribute</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>an attribute has a value that the server does not take</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the server does not take some of the attributes</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the server could not process it</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the server has an instance with this UID already</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the server knows no such instance</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>a value is not valid</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>a value is out of range</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the UID of the instance is not valid</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the server knows no such SOP class</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the SOP class is not the one that the server knows the instance by</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>an attribute is missing</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>an attribute has no value</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the server does not store this SOP class</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>you are not authorised to store it</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the transaction is already in use</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the request came twice</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the server does not know this operation</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the server does not understand the request</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the server has not enough resources</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the server is out of resources</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the data set does not match its SOP class</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>it belongs to another study</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the server changed attributes of it</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the server left attributes out of it</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the server has this instance already</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>somebody else is storing the same instance at this moment</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the server does not understand the data set</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the server does not store this transfer syntax</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{words} (reason {code}H)</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the server did not say why</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the server gave a reason that is not in the standard</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the answer is JSON, but not of a data set: {beginning}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the answer is neither DICOM JSON nor XML: {beginning}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>it belongs to another study, {study}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>it cannot be read: {reason}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Write it as in PS3.6, “PatientName”, or as a tag, “00100010”.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>there is no attribute {keyword_or_tag!r}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>there is no number before, between or after its dots</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{shown} is not a DICOM UID: {flaw}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>it is not text</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>it is empty</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>it has {character!r} at position {position}, where only digits and dots may be</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>it has {length} characters, more than {longest}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Host</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>a host name or address, with or without a port</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Scheme</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>http or https</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Path</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>a path without slashes around it</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>'{url}' does not have the parts {names}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>there is no part '{name}' in this URL</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>It has {names}.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>its URL '{url}' does not have the parts {names}, each once</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>read the metadata of {resource}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the server names a place for bulk data that is not below its studies</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>retrieve bulk data</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the instance ends in the middle, and nothing else said where it should</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>show {resource}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>retrieve {resource}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>retrieve frames of {resource}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Sign in, then try again.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Start the sign-in again and finish it in the browser.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>'auth list' shows the authentication methods there are.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Give these nodes another authentication first.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Use https in the node's URL, or allow this node to send its credential over plain http.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{cause}. {next_step}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{cause}.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>could not {asked}: {said}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{node}: {said}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Check the network and the node's URL.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Check the host name in the node's URL, and the network (VPN?).</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Check the port in the node's URL and that the server is running.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Try again; a transfer resumes where it was.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Try again, or raise the node's timeouts.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Give the node the CA file of your institution, or correct the host name in its URL.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Check the node's proxy.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Give its user name and password in the environment, as HTTPS_PROXY=http://NAME:PASSWORD@HOST:PORT (and HTTP_PROXY for http), and start again.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Check the path in the node's URL: a DICOMweb service often lives under /dicom-web or /rs.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Check the node's URL, and what was asked for.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Sign in, or check the user name, password or token of this node.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Ask the server's administrator for the right to do this.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Check the node's URL and the identifiers.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Choose another transfer syntax in the node's advanced settings.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Ask the server's administrator to bring it back from the archive.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Narrow the search, or send smaller batches.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Wait a little and try again; fewer parallel series help.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Try again later; if it stays, the server's log tells its administrator why.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>If the server has moved, put the new address into the node's URL.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>'nodes list' shows the nodes there are.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Duplicate it and change the copy.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Use a node whose service type offers it.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Start it again to resume where it was.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Free some space or choose another folder, then start it again: it resumes where it was.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Choose a folder that you may write to.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Start it again: what is there already is not fetched twice.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Try again: the worker starts anew, and a transfer resumes where it was.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>there is no place that keeps secrets</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Install keyring, choose a file with 'auth secrets --file', or import without secrets.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>it is here already, as '{twin}'</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Import it without --with-secrets.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{path} is not a file of Weasis</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{host}: {reason}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the proxy did not connect to {host}: {reason}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the proxy on the way to {host} wants a user name and a password, or others</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>no secure connection to {host}: {reason}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{host} sent nothing for too long</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{host} closed the connection</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the answer of {host} cannot be decoded: {reason}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the server answered {answer} (“{said}”)</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the server answered {answer}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the proxy on the way to {host} closed the connection</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{host} could not be reached in time</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>nothing listens at {host}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>no computer is known as {host}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>there is no route to {host}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{host} closed the connection after {count:,} bytes</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the server has none of what the manifest asks for</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{file} does not say to which study it belongs</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the link is too long</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the link has no command that fetches anything</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{names} and {count} more</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the link does not say which studies it wants</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>a command of the link has a quote without its end</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>It names files of this computer, which are not opened by a link: {paths}. If you know them, open them with the DICOM module, Import DICOM files.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>It wants the folders beside Weasis's own program; open them with the DICOM module, Import DICOM files.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>It names an archive, which is not unpacked here: {addresses}. Download and unpack it, then open the folder with the DICOM module, Import DICOM files.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the manifest in the link is not Base64</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the address of a file in the link is none</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>It has additional parameters, which DICOMweb does not know; they are not sent.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>It names a sign-in of Weasis; the one of the node is used.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>a header of the link has no value</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the link's command {prog} has options that are not known here</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>a header of the link cannot be sent: {cause}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>open the manifest at {origin}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the link names nothing to fetch from a server</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the link names a manifest that is not on a web server</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Check the path.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>cannot read {path}: {reason}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the manifest is larger than {size} MB</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>It wants to replace attributes of the instances; they are kept as the server has them.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the manifest names nothing to fetch</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>a file in it has no valid address</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>its additional parameters are no query</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>It says: {words}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>a file in it is not below {root}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>its root is “{root}”, not “manifest”</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the manifest cannot be used: {cause}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{count} of its series name no instances, which WADO-URI needs.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the manifest names more than {most:,} instances</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>its login is not Base64</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>A header of it is not sent: {cause}.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{host} is asked over plain http: what comes from there can be read and changed on the way.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Ask for a manifest with https, or allow it for this time.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>its sign-in for {url} would travel over plain http: everybody on the way could read it</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Its own sign-in is not used: the node “{node}” has one.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the JSON is no manifest</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the manifest is nested too deeply</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the manifest's gzip data is damaged</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the manifest is not JSON</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the manifest {problem}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the manifest ends in the middle of its gzip data</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the manifest unpacks to more than {size} MB</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>unexpected {kind}: {problem}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>a header has not both a name and a value</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>a node is a JSON object, and this is {raw!r}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{field_name} is {value!r}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the node has no {name}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>it comes from the node's URL</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>it is computed for each request</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>it belongs to a single connection (RFC 9110 section 7.6.1)</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>a header has no name</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>A name holds letters, digits and hyphens; the value goes apart.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Remove it.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Remove line breaks, control characters and characters beyond Latin-1.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Put both values into one, separated by a comma.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>'{start}' is followed by {wrong!r}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>a name begins with {wrong!r}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>not the name of a header: {shown}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the header '{name}' cannot be configured: {reason}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the value of the header '{name}' is not text</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the header '{name}' is given twice</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the value of the header '{name}' has the character {character!r} at position {position}, which HTTP does not carry</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the value {value!r} of the header '{name}' has the character {character!r} at position {position}, which HTTP does not carry</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>there is no file {path}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Choose a file that 'nodes export' or Weasis wrote.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>its root is &lt;{tag}&gt;</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{path} cannot be imported: {cause}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>it {problem}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>a node without a name</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Choose one that can retrieve.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Correct it there, or use the version that wrote it.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>its retrieve partner, the node with the uid '{uid}', does not exist</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>it is in the file of nodes but cannot be used: {reason}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>there is a node with the uid '{uid}' already</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>there is no node '{name_or_uid}'</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>'{name}' is predefined and cannot be changed</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>there is a node named '{node}' already</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>its retrieve partner '{partner}' is of type '{type}'</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>'{node}' retrieves what '{name}' finds</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Give '{name}' another retrieve partner first.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>a node needs a name</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Give it one that tells you the server.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>'{text}' is not a service type</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Give the certificate that belongs to the key.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the uid of another node</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Only a QIDO-RS node has one: what it finds, another node retrieves.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the node is its own retrieve partner</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{field_name} is {value!r}, not text</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{field_name} {value!r} has a control character inside</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{field_name} is {value!r}, not a number of seconds</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{field_name} is {value!r} seconds</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>rows, or none for the provider's</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>verify is {verify!r}, neither true nor false</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>there is a client key, '{client_key}', and no client certificate</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>letters, digits, '.', '_' and '-'</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>megabytes</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>small letters, digits and '-'</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>a UID, or '*' for as stored</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>tls is {tls!r}, not TLS settings</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>allow_plain_http_credential is {allow_plain_http_credential!r}, neither true nor false</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>secret_headers is {secret_headers!r}, no list of names</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{service_type!r} is not a service type</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>a node of type '{type}' has a retrieve partner</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>It holds {holds}.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Give more than 0 and at most {most}.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Give a whole number from 1 to {most}: {unit}.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{path} cannot be used: {cause}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the node '{name}' in {path} is wrong: {reason}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Import it with those: 'nodes import', or the window.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>nodes</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{path} holds authentication methods</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>'{shown}' is followed by a query or a fragment</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Give the URL up to the '?' or '#'.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>'{shown}' has '.' or '..' in its path</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Write the path in full.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>'{shown}' has a '%' without two hexadecimal digits behind it</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Write a plain '%' as '%25'.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>there is no URL</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Give one like 'https://host/dicom-web'.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>a URL of {length} characters, more than {limit}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Give the base URL of the service.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>'{url}' is not an http or https URL</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Give one like 'https://host:8042/dicom-web'.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>'{url}' has a user name or password in front of the host, and a URL is shown, logged and shared</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Leave it out and choose an authentication for the node.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>'{shown}' has no valid host name</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the port in '{shown}' is not a number from 1 to 65535</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Check what follows the colon.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>'{url}' has a path, which a proxy has not</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Give host and port only.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Give one like 'https://host/path'.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the host in '{shown}' is not a name that the internet knows</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Check its spelling.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>'{shown}' has no valid IPv6 address</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Write it like 'http://[::1]:8042'.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>it is of type '{type}', which is not DICOMweb</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>it extends “{name}”, which is in another file of Weasis: its URL is there</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>its webtype is '{web_type}'</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>its headers are not lines of text in Base64</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>one of its entries is no JSON object</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>more than {size} MB of it would have to be fetched</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>pillow, or {packages}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>its pixels are compressed with {syntax}, and no decoder here can read them</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>it is a video ({syntax})</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Install {packages} into Slicer's Python to see it.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>it has no pixels</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>its transfer syntax is not given</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>it ends in the middle of its pixels</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>it is no DICOM file</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>it is larger than {size} MB</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{columns} by {rows} pixels are too many for a preview</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>its JPEG 2000 image has no codestream</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>audio</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>a document</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>an ECG</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>an electrophysiology recording</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>fiducials</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>a haemodynamic waveform</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>a key object selection</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>a plan</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>a presentation state</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>a registration</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>a radiotherapy plan</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>a radiotherapy treatment record</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>a radiotherapy structure set</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>a real world value mapping</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>a segmentation</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>a stereometric relationship</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>a structured report</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>a texture map</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>it is {what}, not an image</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Install it to see previews.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the Python package {package} is not installed</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>its pixels cannot be read ({error})</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the server has no instance of {resource}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the server has no picture of the {level}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>its pixels are “{photometric}”, which is not known here</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>its pixels are “{photometric}”, which is retired</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The file of {holds} was damaged: {reason}. It is kept as {path}; the list starts anew.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>its JSON is nested too deeply</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>it is not a file of {member}: it has no "format": "{format_name}"</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>its version is {version!r}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>it has no list of "{member}"</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>it is not UTF-8 text (byte {position})</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>it is not JSON: {problem} in line {line}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Close the other Slicer or command line that is changing the settings, then try again.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Free some space, then try again; what was there before is untouched.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>another program has held {path} for {timeout} s</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>cannot write {path}: {reason}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>cannot set aside {path}: {reason}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>cannot lock {path}: {reason}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{words}, {word}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{words} and {last}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{said}; {more}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>give the node the service type “DICOMweb (all RESTful services)” and the address that can be searched, or add a QIDO-RS node whose results this one retrieves</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the server does not list the instances of {what} ({causes}): {remedy}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Check the identifiers, and that this node is the right server.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the node gives single instances, and nothing lists those of {what}: {remedy}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the server has no {what}, or gives neither the whole of it nor a list of its instances: check the identifier; {remedy}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the server knows no {resource}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Please report this.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>retrieve everything</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{count} missing: {first}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{path} cannot be written ({reason})</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the disk of {folder} is full ({reason})</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the server has no instances of it</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the server sent another instance, or none</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Tell the server's administrator.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the server counts {expected} instances but lists and sends only {listed}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>a request of {length:,} bytes is more than the worker takes at once</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Ask for less at once.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the worker refuses a request: {message}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the worker process was stopped</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the worker process sent something that is no message</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the worker process {reason}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Give it before the request that uses it.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>more lists than the worker keeps</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>there is no list {name!r}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>there is no such manifest any more</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Open it again.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>what a manifest brings is known only as long as the program runs</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Open the manifest or link again.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>an item of {length} bytes is too long to be passed on</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the job has not ended after {timeout} s</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the worker process does not start: {reason}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>ended (exit status {code})</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>attributes that are too long to be shown were left out: {names}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Give text, or a list of texts.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the nodes are no list of names or nodes</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Name one at least.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the level is {level!r}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Restart the application: the extension was updated while it was running.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the worker speaks version {version} of its protocol, and was asked for {protocol}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>too many requests are waiting</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Try again later.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>unexpected {kind}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{number} connections</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Give 1 to {most_connections}.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the log level is {log_level!r}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>an item of the inventory is not a pair of instance and file</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>a node of type “{type}” cannot retrieve</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>a WADO-URI service has no metadata</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>a node of type “{type}” cannot search</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>a node of type “{type}” cannot store</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Edit the node and choose the node that retrieves what this one finds.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>has a document type, which could define anything</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>is not well-formed XML: {problem}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Slicer's DICOM database is not open</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Open it, or choose a folder for it.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Slicer's DICOM database is kept in memory only</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Choose a folder for it.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Open the DICOM module, which updates it, or choose another folder.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Choose a folder for the database.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Slicer's DICOM database is of version {version}, and this Slicer needs {needed}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the file of Slicer's DICOM database, {file}, is missing</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>you may not write to the folder of Slicer's DICOM database, {folder}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>unknown</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>it has arrived, but Slicer's DICOM database did not take it (the application's log may say why)</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>nothing of it arrived</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>{count} instances that are referred to are not in the DICOM database.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>none of Slicer's DICOM plugins can load it; an extension may be needed</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the DICOM plugin did not load it</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>an offset counts the results of one node, and several are given</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Run slicer.util.pip_install('oauthlib') in Slicer's Python console, or sign in otherwise.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>oauthlib could not be installed: {error}</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the DICOM database has no file of it</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>there are no files to send</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Choose series that are in the database.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>ended (exit status {code}: {said})</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>PythonSlicer, the application's Python interpreter, is not in its search path</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Start the application with its launcher.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>does not start: {program} cannot be run</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Google Cloud Healthcare</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Signs you in with your Google account. Create an OAuth client of type 'Desktop app' in the Google Cloud console; Google wants its secret although it is no secret in a desktop program.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Client ID</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Given by the provider when this program is registered as a native (desktop) application.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Client secret</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>From the same page as the client ID.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Google application default credentials, or gcloud</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Uses what 'gcloud auth application-default login' or a service account's key file left on this computer, or asks 'gcloud auth print-access-token' each time.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Source</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>application-default: the credentials file. gcloud: the account that gcloud is signed in with.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Credentials file</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Leave it empty for GOOGLE_APPLICATION_CREDENTIALS, else the place where gcloud puts it.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Scope</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Of a service account.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Default Keycloak</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>A realm of a Keycloak server. In its client, allow the standard flow with the redirect URI http://127.0.0.1/callback.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Base URL</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Of the Keycloak server, with /auth at its end before version 18.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Realm</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the name of a realm</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Only for a confidential client; a public client has none.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Separated by spaces.</source>
      <translation>Séparées par des espaces.</translation>
    </message>
    <message>
      <source>Grant</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>authorization_code: a person signs in in the browser. device_code: in a browser elsewhere. client_credentials: this program signs in by itself, with its secret.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Microsoft Entra ID (Azure DICOM service)</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Register an application with the platform 'Mobile and desktop applications', the redirect URI http://localhost and the API permission Dicom.ReadWrite.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Directory (tenant) ID</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>On the overview page of Microsoft Entra ID.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>a GUID</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Application (client) ID</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>authorization_code: a person signs in in the browser. device_code: in a browser elsewhere.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Auth0</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Register a native application and allow the callback URL http://localhost:PORT/callback.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Domain</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>a host name</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Audience</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The identifier of the API that is in front of the DICOMweb server.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Redirect port</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The port in the redirect URI that is registered: http://localhost:PORT/callback.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>a port number</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Okta</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Register a native application and add the sign-in redirect URI http://localhost:PORT/callback.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Issuer URI</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>In the admin console under Security, API, Authorization Servers.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Amazon Cognito</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>An app client of a user pool, with the authorization code grant and the callback URL http://localhost:PORT/callback.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Region</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>a region</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>User pool ID</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>a user pool ID</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>authorization_code: a person signs in in the browser. client_credentials: this program signs in by itself, with its secret.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>AWS Signature Version 4 (HealthImaging)</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Signs each request with the credentials of the AWS tools: environment variables, else the files that 'aws configure' writes.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Service</source>
      <translation>Service</translation>
    </message>
    <message>
      <source>the name of a service</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Profile</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Of the AWS files; empty for AWS_PROFILE, else 'default'.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>OpenID Connect (any provider)</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Everything else is discovered from the issuer. Register a native (public) client with the redirect URI http://127.0.0.1/callback.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Issuer</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The address under which /.well-known/openid-configuration is found.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The API that the token is for, where the provider asks for it.</source>
      <translation>L'interface pour laquelle vaut le jeton, où le fournisseur la demande.</translation>
    </message>
    <message>
      <source>0 takes any that is free. Give the registered one where the provider compares the redirect URI exactly.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>OAuth 2.0 (any server)</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>A plain OAuth 2.0 authorization server, by its endpoints.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Authorization endpoint</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>For the grant authorization_code.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Token endpoint</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Device authorization endpoint</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>For the grant device_code.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Revocation endpoint</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>To sign out at the server as well.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Client authentication</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>How the client secret is sent, if there is one.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>User name and password (Basic)</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Sent with each request (RFC 7617); over https, or to this computer.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>User name</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Password</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Bearer token</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>A token that somebody gave you; it is not renewed.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Token</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>one: it has characters that a bearer token has not</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>API key in a header</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>A header field with a secret value.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Header</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Key</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>AWS HealthImaging</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The DICOMweb service of a data store itself. Instances come one by one, mostly as High-Throughput JPEG 2000.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Data store ID</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>a data store ID (32 digits and small letters)</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Azure DICOM service</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The service URL is on the overview page of the DICOM service in the Azure portal. It knows no wildcards: what they stand for is compared here.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Workspace</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>a workspace (3 to 24 small letters and digits)</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>DICOM service</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>a service (small letters, digits and '-')</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>API version</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>a version of the API</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>dcm4chee-arc-light</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Every AE title of the archive is a DICOMweb service of its own. A secured archive signs people in with Keycloak.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>AE title</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>an AE title of at most 16 characters</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Of the archive; the usual one is DCM4CHEE.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Any DICOMweb server</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The base URL is what stands in front of /studies. Everything else follows the standard.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>The names are in the address of the DICOM store in the Google Cloud console: project, location, dataset and store.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Project</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>the ID or the number of a project</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Location</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>a location</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Dataset</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>a dataset ID (letters, digits, '_' and '-')</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>DICOM store</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>a store ID (letters, digits, '_', '-' and '.')</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Amazon HealthLake Imaging through the AHI DICOMweb proxy</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>For searching and retrieving only. A reply starts when all of its instances are there: give the node a long read timeout.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Kaapana</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Its DICOMweb filter shows what the signed-in person may see. The token's audience is 'kaapana'.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Orthanc</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Needs Orthanc's DICOMweb plugin. The base URL ends in /dicom-web unless its configuration says otherwise.</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Static DICOMweb</source>
      <translation type="unfinished" />
    </message>
    <message>
      <source>Files that were made beforehand, behind any web server. Nothing can be stored, and what a search finds is chosen here.</source>
      <translation type="unfinished" />
    </message>
  </context>
  <context>
    <name>DICOMWebNodesHost.requirements</name>
    <message>
      <source>Signing in with OAuth needs the Python package oauthlib, which is not installed yet. Download and install it from the Python Package Index now?</source>
      <translation>La connexion par OAuth a besoin du paquet Python oauthlib, qui n'est pas encore installé. Le télécharger du Python Package Index et l'installer maintenant ?</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesHost.waiting</name>
    <message>
      <source>DICOMWeb Nodes: {name}</source>
      <translation>DICOMWeb Nodes : {name}</translation>
    </message>
  </context>
  <context>
    <name>AuthenticationEditor</name>
    <message>
      <source>Authentication method</source>
      <translation>Authentification</translation>
    </message>
    <message>
      <source>Template</source>
      <translation>Modèle</translation>
    </message>
    <message>
      <source>A template knows a provider's endpoints and scopes. Choose yours, answer what it asks, and press Fill.</source>
      <translation>Un modèle connaît les points d'accès et les portées d'un fournisseur. Choisissez le vôtre, répondez à ses questions et appuyez sur Remplir.</translation>
    </message>
    <message>
      <source>&amp;Fill</source>
      <translation>&amp;Remplir</translation>
    </message>
    <message>
      <source>Fill in what is below from the answers.</source>
      <translation>Remplit ce qui est dessous d'après les réponses.</translation>
    </message>
    <message>
      <source>&amp;Name:</source>
      <translation>&amp;Nom :</translation>
    </message>
    <message>
      <source>Provider</source>
      <translation>Fournisseur</translation>
    </message>
    <message>
      <source>N&amp;ame:</source>
      <translation>N&amp;om :</translation>
    </message>
    <message>
      <source>&amp;Issuer:</source>
      <translation>&amp;Émetteur :</translation>
    </message>
    <message>
      <source>The issuer identifier (RFC 8414, OpenID Connect Discovery). The endpoints that are left empty below are read from its .well-known document.</source>
      <translation>L'identifiant de l'émetteur (RFC 8414, OpenID Connect Discovery). Les points d'accès laissés vides ci-dessous sont lus dans son document .well-known.</translation>
    </message>
    <message>
      <source>What is left empty below is discovered from it.</source>
      <translation>Ce qui reste vide ci-dessous lui est demandé.</translation>
    </message>
    <message>
      <source>https://...</source>
      <translation>https://...</translation>
    </message>
    <message>
      <source>Authori&amp;zation endpoint:</source>
      <translation>Point d'accès d'autori&amp;sation :</translation>
    </message>
    <message>
      <source>discovered</source>
      <translation>demandé</translation>
    </message>
    <message>
      <source>&amp;Token endpoint:</source>
      <translation>Point d'accès de &amp;jetons :</translation>
    </message>
    <message>
      <source>&amp;Device endpoint:</source>
      <translation>Point d'accès d'&amp;appareils :</translation>
    </message>
    <message>
      <source>Re&amp;vocation endpoint:</source>
      <translation>Point d'accès de ré&amp;vocation :</translation>
    </message>
    <message>
      <source>&amp;OpenID provider (tells who signed in)</source>
      <translation>&amp;Fournisseur OpenID (dit qui s'est connecté)</translation>
    </message>
    <message>
      <source>Allow secrets over plain http</source>
      <translation>Permettre les secrets en http non chiffré</translation>
    </message>
    <message>
      <source>Registration</source>
      <translation>Enregistrement</translation>
    </message>
    <message>
      <source>&amp;Client ID:</source>
      <translation>Identifiant du &amp;client :</translation>
    </message>
    <message>
      <source>client_id of RFC 6749 section 2.2.</source>
      <translation>client_id de la RFC 6749, section 2.2.</translation>
    </message>
    <message>
      <source>The identifier under which this program is registered at the provider (RFC 6749 section 2.2). Ask whoever runs the provider to register a public client with PKCE.</source>
      <translation>L'identifiant sous lequel ce programme est enregistré chez le fournisseur (RFC 6749, section 2.2). Demandez à qui le tient d'enregistrer un client public avec PKCE.</translation>
    </message>
    <message>
      <source>&amp;Grant:</source>
      <translation>&amp;Grant :</translation>
    </message>
    <message>
      <source>Who signs in, and where.</source>
      <translation>Qui se connecte, et où.</translation>
    </message>
    <message>
      <source>Who signs in (RFC 6749 section 1.3). A person in the browser: authorization code with PKCE. A person in a browser elsewhere: device code (RFC 8628). This program itself: client credentials.</source>
      <translation>Qui se connecte (RFC 6749, section 1.3). Une personne dans le navigateur : authorization code avec PKCE. Une personne dans un navigateur ailleurs : device code (RFC 8628). Ce programme lui-même : client credentials.</translation>
    </message>
    <message>
      <source>Secret is sent:</source>
      <translation>Le secret est envoyé :</translation>
    </message>
    <message>
      <source>How the client proves who it is at the token endpoint (RFC 7591 section 2). A public client has no secret.</source>
      <translation>Comment le client prouve qui il est au point d'accès de jetons (RFC 7591, section 2). Un client public n'a pas de secret.</translation>
    </message>
    <message>
      <source>&amp;Scope:</source>
      <translation>&amp;Portée (scope) :</translation>
    </message>
    <message>
      <source>What the token is for (RFC 6749 section 3.3). offline_access asks for a refresh token at many providers, so that nobody has to sign in again each hour.</source>
      <translation>Ce que permet le jeton (RFC 6749, section 3.3). offline_access demande chez beaucoup de fournisseurs un jeton de renouvellement, pour que personne n'ait à se reconnecter chaque heure.</translation>
    </message>
    <message>
      <source>Separated by spaces.</source>
      <translation>Séparées par des espaces.</translation>
    </message>
    <message>
      <source>A&amp;udience:</source>
      <translation>A&amp;udience :</translation>
    </message>
    <message>
      <source>The API that the token is for, where the provider asks for it.</source>
      <translation>L'interface pour laquelle vaut le jeton, où le fournisseur la demande.</translation>
    </message>
    <message>
      <source>For which API the token is; Auth0 asks for it, most others do not.</source>
      <translation>Pour quelle interface vaut le jeton ; Auth0 la demande, la plupart des autres non.</translation>
    </message>
    <message>
      <source>Redirect &amp;host:</source>
      <translation>&amp;Hôte de redirection :</translation>
    </message>
    <message>
      <source>127.0.0.1, unless the provider was told localhost.</source>
      <translation>127.0.0.1, sauf si l'on a donné localhost au fournisseur.</translation>
    </message>
    <message>
      <source>Where the browser hands over the answer: this computer (RFC 8252 section 7.3). Some providers want exactly the address that was registered.</source>
      <translation>Où le navigateur remet la réponse : cet ordinateur (RFC 8252, section 7.3). Certains fournisseurs veulent exactement l'adresse enregistrée.</translation>
    </message>
    <message>
      <source>Redirect &amp;port:</source>
      <translation>Por&amp;t de redirection :</translation>
    </message>
    <message>
      <source>Any free port is right for providers that follow RFC 8252. Others want the port that was registered.</source>
      <translation>Un port libre quelconque convient aux fournisseurs qui suivent la RFC 8252. D'autres veulent celui qui a été enregistré.</translation>
    </message>
    <message>
      <source>any that is free</source>
      <translation>un qui soit libre</translation>
    </message>
    <message>
      <source>Redi&amp;rect path:</source>
      <translation>Chemin &amp;de redirection :</translation>
    </message>
    <message>
      <source>As it was registered at the provider; usually nothing.</source>
      <translation>Tel qu'enregistré chez le fournisseur ; d'habitude rien.</translation>
    </message>
    <message>
      <source>Settings</source>
      <translation>Réglages</translation>
    </message>
    <message>
      <source>S&amp;ecret:</source>
      <translation>S&amp;ecret :</translation>
    </message>
    <message>
      <source>Sho&amp;w</source>
      <translation>&amp;Montrer</translation>
    </message>
  </context>
  <context>
    <name>AuthenticationManager</name>
    <message>
      <source>Authentication</source>
      <translation>Authentification</translation>
    </message>
    <message>
      <source>Authentication methods</source>
      <translation>Authentifications</translation>
    </message>
    <message>
      <source>&amp;Add...</source>
      <translation>A&amp;jouter...</translation>
    </message>
    <message>
      <source>&amp;Edit...</source>
      <translation>&amp;Modifier...</translation>
    </message>
    <message>
      <source>&amp;Remove</source>
      <translation>&amp;Supprimer</translation>
    </message>
    <message>
      <source>From Weasis's authenticationNodes.xml.</source>
      <translation>Du fichier authenticationNodes.xml de Weasis.</translation>
    </message>
    <message>
      <source>&amp;Import...</source>
      <translation>&amp;Importer...</translation>
    </message>
    <message>
      <source>&amp;Sign in</source>
      <translation>Se &amp;connecter</translation>
    </message>
    <message>
      <source>Opens the provider's page in your browser.</source>
      <translation>Ouvre la page du fournisseur dans votre navigateur.</translation>
    </message>
    <message>
      <source>Sign &amp;out</source>
      <translation>Se &amp;déconnecter</translation>
    </message>
    <message>
      <source>Forgets the token, and revokes it at the provider.</source>
      <translation>Oublie le jeton, et le révoque chez le fournisseur.</translation>
    </message>
    <message>
      <source>Keep them in a &amp;file...</source>
      <translation>Les garder dans un &amp;fichier...</translation>
    </message>
  </context>
  <context>
    <name>ErrorBar</name>
    <message>
      <source>Error</source>
      <translation>Erreur</translation>
    </message>
    <message>
      <source>Details</source>
      <translation>Détails</translation>
    </message>
    <message>
      <source>Show everything that is known, and copy it to the clipboard.</source>
      <translation>Montre tout ce qui est connu, et le copie dans le presse-papiers.</translation>
    </message>
    <message>
      <source>What helps</source>
      <translation>Ce qui aide</translation>
    </message>
    <message>
      <source>Open the section of the manual about errors like this one, in the browser.</source>
      <translation>Ouvre dans le navigateur la section du manuel sur de telles erreurs.</translation>
    </message>
    <message>
      <source>Hide</source>
      <translation>Cacher</translation>
    </message>
    <message>
      <source>Hide this message.</source>
      <translation>Cache ce message.</translation>
    </message>
    <message>
      <source>Details of the error</source>
      <translation>Détails de l'erreur</translation>
    </message>
    <message>
      <source>Copied to the clipboard.</source>
      <translation>Copié dans le presse-papiers.</translation>
    </message>
  </context>
  <context>
    <name>ImportPanel</name>
    <message>
      <source>Import</source>
      <translation>Importation</translation>
    </message>
    <message>
      <source>No server yet</source>
      <translation>Pas encore de serveur</translation>
    </message>
    <message>
      <source>Add the DICOMweb server of your institution as a node, or look around on a public one. Nothing is sent anywhere before you press a button.</source>
      <translation>Ajoutez le serveur DICOMweb de votre établissement comme nœud, ou regardez autour de vous sur un serveur public. Rien n'est envoyé nulle part avant que vous n'appuyiez sur un bouton.</translation>
    </message>
    <message>
      <source>A&amp;dd a node...</source>
      <translation>A&amp;jouter un nœud...</translation>
    </message>
    <message>
      <source>Try the &amp;public demo server</source>
      <translation>Essayer le &amp;serveur de démonstration public</translation>
    </message>
    <message>
      <source>Searches orthanc.uclouvain.be for all studies.</source>
      <translation>Recherche toutes les études sur orthanc.uclouvain.be.</translation>
    </message>
    <message>
      <source>Demo &amp;without network...</source>
      <translation>Démonstration sans réseau...</translation>
    </message>
    <message>
      <source>Opens the README, which shows how to run everything on this computer.</source>
      <translation>Ouvre le README, qui montre comment tout faire marcher sur cet ordinateur.</translation>
    </message>
  </context>
  <context>
    <name>ManifestDialog</name>
    <message>
      <source>Open a manifest or link</source>
      <translation>Ouvrir un manifeste ou un lien</translation>
    </message>
    <message>
      <source>&amp;Manifest or link:</source>
      <translation>&amp;Manifeste ou lien :</translation>
    </message>
    <message>
      <source>https://..., weasis://... or a file</source>
      <translation>https://..., weasis://... ou un fichier</translation>
    </message>
    <message>
      <source>&amp;Browse...</source>
      <translation>&amp;Parcourir...</translation>
    </message>
    <message>
      <source>&amp;Show</source>
      <translation>M&amp;ontrer</translation>
    </message>
    <message>
      <source>Shows what it asks for; a manifest on a server is read for that, nothing that it names is fetched.</source>
      <translation>Montre ce qu'il demande ; un manifeste sur un serveur est lu pour cela, rien de ce qu'il nomme n'est récupéré.</translation>
    </message>
    <message>
      <source>What it asks for</source>
      <translation>Ce qu'il demande</translation>
    </message>
    <message>
      <source>Send its sign-in &amp;without encryption: everybody on the way can read it</source>
      <translation>Envoyer sa connexion &amp;sans chiffrement : chacun sur le chemin peut la lire</translation>
    </message>
  </context>
  <context>
    <name>NodeEditor</name>
    <message>
      <source>Node</source>
      <translation>Nœud</translation>
    </message>
    <message>
      <source>&amp;Description:</source>
      <translation>&amp;Description :</translation>
    </message>
    <message>
      <source>How this server is called in lists.</source>
      <translation>Comment ce serveur s'appelle dans les listes.</translation>
    </message>
    <message>
      <source>&amp;Kind of server:</source>
      <translation>&amp;Genre de serveur :</translation>
    </message>
    <message>
      <source>What its URL is made of, and which differences from the standard to expect.</source>
      <translation>De quoi son URL est faite, et quels écarts à la norme attendre.</translation>
    </message>
    <message>
      <source>D&amp;ocumentation</source>
      <translation>D&amp;ocumentation</translation>
    </message>
    <message>
      <source>&amp;URL:</source>
      <translation>&amp;URL :</translation>
    </message>
    <message>
      <source>The base URL of the origin server (PS3.18 section 8.2): what stands in front of /studies, /series and /instances. Orthanc: http://host:8042/dicom-web, dcm4chee: https://host:8443/dcm4chee-arc/aets/AET/rs.</source>
      <translation>L'URL de base du serveur d'origine (PS3.18, section 8.2) : ce qui précède /studies, /series et /instances. Orthanc : http://host:8042/dicom-web, dcm4chee : https://host:8443/dcm4chee-arc/aets/AET/rs.</translation>
    </message>
    <message>
      <source>What stands in front of /studies.</source>
      <translation>Ce qui précède /studies.</translation>
    </message>
    <message>
      <source>https://host/dicom-web</source>
      <translation>https://host/dicom-web</translation>
    </message>
    <message>
      <source>Show what there is at this provider, for whoever is signed in.</source>
      <translation>Montre à qui est connecté ce qu'il y a chez ce fournisseur.</translation>
    </message>
    <message>
      <source>C&amp;hoose...</source>
      <translation>C&amp;hoisir...</translation>
    </message>
    <message>
      <source>Fill in its for&amp;m</source>
      <translation>Re&amp;mplir son formulaire</translation>
    </message>
    <message>
      <source>Show what this URL is made of, one field for each part.</source>
      <translation>Montre de quoi cette URL est faite, un champ pour chaque partie.</translation>
    </message>
    <message>
      <source>&amp;Service:</source>
      <translation>&amp;Service :</translation>
    </message>
    <message>
      <source>QIDO-RS searches, WADO-RS and WADO-URI retrieve, STOW-RS stores.</source>
      <translation>QIDO-RS recherche, WADO-RS et WADO-URI récupèrent, STOW-RS stocke.</translation>
    </message>
    <message>
      <source>Which services of PS3.18 the URL offers. QIDO-RS searches, WADO-RS and WADO-URI retrieve, STOW-RS stores; DICOMweb is all RESTful services at one URL.</source>
      <translation>Quels services de PS3.18 offre l'URL. QIDO-RS recherche, WADO-RS et WADO-URI récupèrent, STOW-RS stocke ; DICOMweb, ce sont tous les services RESTful à une URL.</translation>
    </message>
    <message>
      <source>&amp;Retrieved by:</source>
      <translation>&amp;Récupéré par :</translation>
    </message>
    <message>
      <source>A QIDO-RS service only searches. Choose the node whose WADO-RS or WADO-URI service retrieves what this one finds.</source>
      <translation>Un service QIDO-RS ne fait que rechercher. Choisissez le nœud dont le service WADO-RS ou WADO-URI récupère ce que celui-ci trouve.</translation>
    </message>
    <message>
      <source>The node that retrieves what this one finds.</source>
      <translation>Le nœud qui récupère ce que celui-ci trouve.</translation>
    </message>
    <message>
      <source>&amp;Authentication:</source>
      <translation>&amp;Authentification :</translation>
    </message>
    <message>
      <source>Mana&amp;ger...</source>
      <translation>Gérer...</translation>
    </message>
    <message>
      <source>Add or change ways to sign in.</source>
      <translation>Ajouter ou changer des façons de se connecter.</translation>
    </message>
    <message>
      <source>S&amp;et up...</source>
      <translation>&amp;Préparer...</translation>
    </message>
    <message>
      <source>Add an authentication method from this template.</source>
      <translation>Ajoute une authentification d'après ce modèle.</translation>
    </message>
    <message>
      <source>HTTP headers</source>
      <translation>En-têtes HTTP</translation>
    </message>
    <message>
      <source>Sent with each request to this node. Values that look secret are hidden and kept with the secrets.</source>
      <translation>Envoyés avec chaque requête à ce nœud. Les valeurs qui semblent secrètes sont cachées et gardées avec les secrets.</translation>
    </message>
    <message>
      <source>&amp;New header</source>
      <translation>&amp;Nouvel en-tête</translation>
    </message>
    <message>
      <source>Remo&amp;ve header</source>
      <translation>&amp;Enlever l'en-tête</translation>
    </message>
    <message>
      <source>Advanced</source>
      <translation>Avancé</translation>
    </message>
    <message>
      <source>&amp;Connect within:</source>
      <translation>&amp;Connecter en moins de :</translation>
    </message>
    <message>
      <source> s</source>
      <translation> s</translation>
    </message>
    <message>
      <source>&amp;Wait for data at most:</source>
      <translation>Attendre des données au plus :</translation>
    </message>
    <message>
      <source>Seconds without any data, not for the whole answer. Raise it for servers that collect a study before they send the first instance.</source>
      <translation>Secondes sans aucune donnée, non pour toute la réponse. Augmentez-les pour les serveurs qui rassemblent une étude avant d'envoyer la première instance.</translation>
    </message>
    <message>
      <source>Rows in a &amp;page:</source>
      <translation>Lignes par page :</translation>
    </message>
    <message>
      <source>The limit parameter of a search (PS3.18 section 8.3.4.4). Further pages are asked for until nothing new comes.</source>
      <translation>Le paramètre limit d'une recherche (PS3.18, section 8.3.4.4). D'autres pages sont demandées jusqu'à ce que rien de nouveau ne vienne.</translation>
    </message>
    <message>
      <source>as the server likes it</source>
      <translation>au gré du serveur</translation>
    </message>
    <message>
      <source>&amp;Biggest document:</source>
      <translation>Document le plus gros :</translation>
    </message>
    <message>
      <source>Search results, metadata and images that are larger are refused, before they fill the memory.</source>
      <translation>Les résultats, métadonnées et images plus gros sont refusés avant de remplir la mémoire.</translation>
    </message>
    <message>
      <source> MB</source>
      <translation> Mo</translation>
    </message>
    <message>
      <source>Transfer s&amp;yntax:</source>
      <translation>S&amp;yntaxe de transfert :</translation>
    </message>
    <message>
      <source>The transfer-syntax parameter of the Accept header field (PS3.18 section 8.7.3.5). As stored (*) is the fastest and changes nothing; another one makes the server transcode, if it can.</source>
      <translation>Le paramètre transfer-syntax de l'en-tête Accept (PS3.18, section 8.7.3.5). Telle que stockée (*) est la plus rapide et ne change rien ; une autre fait transcoder le serveur, s'il le peut.</translation>
    </message>
    <message>
      <source>In which encoding instances are asked for.</source>
      <translation>Dans quel codage les instances sont demandées.</translation>
    </message>
    <message>
      <source>Pro&amp;xy:</source>
      <translation>Pro&amp;xy :</translation>
    </message>
    <message>
      <source>Host and port, without user name.</source>
      <translation>Hôte et port, sans nom d'utilisateur.</translation>
    </message>
    <message>
      <source>as the system says</source>
      <translation>comme le dit le système</translation>
    </message>
    <message>
      <source>CA &amp;file:</source>
      <translation>&amp;Fichier d'AC :</translation>
    </message>
    <message>
      <source>Needed when the server's certificate was issued by your institution. Ask its administrators for the PEM file, instead of turning the check of certificates off.</source>
      <translation>Nécessaire si le certificat du serveur vient de votre établissement. Demandez le fichier PEM à ses administrateurs, plutôt que d'arrêter la vérification.</translation>
    </message>
    <message>
      <source>PEM file with the certificate authority of your institution.</source>
      <translation>Fichier PEM avec l'autorité de certification de votre établissement.</translation>
    </message>
    <message>
      <source>C&amp;lient certificate:</source>
      <translation>Certificat du c&amp;lient :</translation>
    </message>
    <message>
      <source>PEM file.</source>
      <translation>Fichier PEM.</translation>
    </message>
    <message>
      <source>Cl&amp;ient key:</source>
      <translation>Clé du cl&amp;ient :</translation>
    </message>
    <message>
      <source>PEM file; not needed when the key is in the certificate's file.</source>
      <translation>Fichier PEM ; inutile si la clé est dans le fichier du certificat.</translation>
    </message>
    <message>
      <source>Check the server's certificate</source>
      <translation>Vérifier le certificat du serveur</translation>
    </message>
    <message>
      <source>Without TLS everybody on the way can read user names, passwords, tokens, and images. Say yes only within one computer or a closed network.</source>
      <translation>Sans TLS, chacun sur le chemin peut lire noms d'utilisateur, mots de passe, jetons et images. N'acceptez que sur un même ordinateur ou un réseau fermé.</translation>
    </message>
    <message>
      <source>Send credentials although the URL is http (others can read them)</source>
      <translation>Envoyer les identifiants bien que l'URL soit http (d'autres peuvent les lire)</translation>
    </message>
    <message>
      <source>&amp;Test</source>
      <translation>&amp;Tester</translation>
    </message>
    <message>
      <source>Try each service with these settings.</source>
      <translation>Essaie chaque service avec ces réglages.</translation>
    </message>
  </context>
  <context>
    <name>NodeManager</name>
    <message>
      <source>Nodes</source>
      <translation>Nœuds</translation>
    </message>
    <message>
      <source>&amp;Add...</source>
      <translation>A&amp;jouter...</translation>
    </message>
    <message>
      <source>Add a DICOMweb server.</source>
      <translation>Ajoute un serveur DICOMweb.</translation>
    </message>
    <message>
      <source>E&amp;dit...</source>
      <translation>&amp;Modifier...</translation>
    </message>
    <message>
      <source>Change the selected node. Of a predefined one, a copy.</source>
      <translation>Change le nœud choisi ; d'un nœud prédéfini, une copie.</translation>
    </message>
    <message>
      <source>&amp;Test</source>
      <translation>&amp;Tester</translation>
    </message>
    <message>
      <source>Try each service of the selected nodes.</source>
      <translation>Essaie chaque service des nœuds choisis.</translation>
    </message>
    <message>
      <source>&amp;More</source>
      <translation>&amp;Plus</translation>
    </message>
    <message>
      <source>Duplicate, remove, reorder, import, export.</source>
      <translation>Dupliquer, supprimer, ordonner, importer, exporter.</translation>
    </message>
    <message>
      <source>A&amp;uthentication...</source>
      <translation>A&amp;uthentification...</translation>
    </message>
    <message>
      <source>User names, tokens and sign-ins that nodes use.</source>
      <translation>Noms d'utilisateur, jetons et connexions que les nœuds emploient.</translation>
    </message>
  </context>
  <context>
    <name>ResultsView</name>
    <message>
      <source>Filter what was found</source>
      <translation>Filtrer ce qui a été trouvé</translation>
    </message>
    <message>
      <source>Filter</source>
      <translation>Filtre</translation>
    </message>
    <message>
      <source>E&amp;xpand</source>
      <translation>Déplier</translation>
    </message>
    <message>
      <source>Show the studies of all patients.</source>
      <translation>Montre les études de tous les patients.</translation>
    </message>
    <message>
      <source>Results</source>
      <translation>Résultats</translation>
    </message>
    <message>
      <source>Import and &amp;load</source>
      <translation>Importer et &amp;charger</translation>
    </message>
    <message>
      <source>Into the DICOM database, then into the scene.</source>
      <translation>Dans la base DICOM, puis dans la scène.</translation>
    </message>
    <message>
      <source>Im&amp;port</source>
      <translation>Im&amp;porter</translation>
    </message>
    <message>
      <source>Into the DICOM database.</source>
      <translation>Dans la base DICOM.</translation>
    </message>
    <message>
      <source>Sen&amp;d...</source>
      <translation>Envo&amp;yer...</translation>
    </message>
    <message>
      <source>Send what is in the DICOM database to a node.</source>
      <translation>Envoie à un nœud ce qui est dans la base DICOM.</translation>
    </message>
  </context>
  <context>
    <name>SearchForm</name>
    <message>
      <source>&amp;Node:</source>
      <translation>&amp;Nœud :</translation>
    </message>
    <message>
      <source>Nodes to search</source>
      <translation>Nœuds où rechercher</translation>
    </message>
    <message>
      <source>Patient na&amp;me:</source>
      <translation>No&amp;m du patient :</translation>
    </message>
    <message>
      <source>Matched as PS3.4 section C.2.2.2 says: family name ^ given name, * for any characters, ? for one.</source>
      <translation>Comparé selon PS3.4, section C.2.2.2 : nom ^ prénom, * pour des caractères quelconques, ? pour un seul.</translation>
    </message>
    <message>
      <source>Family name first. * stands for any characters, ? for one.</source>
      <translation>Le nom de famille d'abord. * vaut pour des caractères quelconques, ? pour un seul.</translation>
    </message>
    <message>
      <source>Doe*</source>
      <translation>Dupont*</translation>
    </message>
    <message>
      <source>Patient &amp;ID:</source>
      <translation>&amp;ID du patient :</translation>
    </message>
    <message>
      <source>Patient ID (0010,0020); * and ? as in a name.</source>
      <translation>Patient ID (0010,0020) ; * et ? comme dans un nom.</translation>
    </message>
    <message>
      <source>Study d&amp;ate:</source>
      <translation>D&amp;ate de l'étude :</translation>
    </message>
    <message>
      <source>First day</source>
      <translation>Premier jour</translation>
    </message>
    <message>
      <source>to</source>
      <translation>à</translation>
    </message>
    <message>
      <source>Last day</source>
      <translation>Dernier jour</translation>
    </message>
    <message>
      <source>M&amp;odalities:</source>
      <translation>M&amp;odalités :</translation>
    </message>
    <message>
      <source>Modalities in Study (0008,0061): studies that have one of these.</source>
      <translation>Modalities in Study (0008,0061) : les études qui ont l'une d'elles.</translation>
    </message>
    <message>
      <source>More fields</source>
      <translation>Plus de champs</translation>
    </message>
    <message>
      <source>Accession num&amp;ber:</source>
      <translation>Num&amp;éro d'accès :</translation>
    </message>
    <message>
      <source>Accession Number (0008,0050), as the order has it.</source>
      <translation>Accession Number (0008,0050), comme dans la demande.</translation>
    </message>
    <message>
      <source>Stud&amp;y description:</source>
      <translation>&amp;Description de l'étude :</translation>
    </message>
    <message>
      <source>Study Description (0008,1030); not every server can search for it.</source>
      <translation>Study Description (0008,1030) ; tous les serveurs ne savent pas la rechercher.</translation>
    </message>
    <message>
      <source>St&amp;udy ID:</source>
      <translation>ID de l'ét&amp;ude :</translation>
    </message>
    <message>
      <source>Study ID (0020,0010).</source>
      <translation>Study ID (0020,0010).</translation>
    </message>
    <message>
      <source>&amp;Referring physician:</source>
      <translation>Médecin &amp;référent :</translation>
    </message>
    <message>
      <source>Referring Physician's Name (0008,0090).</source>
      <translation>Referring Physician's Name (0008,0090).</translation>
    </message>
    <message>
      <source>Study UID:</source>
      <translation>UID de l'étude :</translation>
    </message>
    <message>
      <source>Study Instance UID (0020,000D). Several, separated by commas, are matched as a list of UIDs.</source>
      <translation>Study Instance UID (0020,000D). Plusieurs, séparés par des virgules, sont comparés comme une liste d'UID.</translation>
    </message>
    <message>
      <source>Several are separated by a comma.</source>
      <translation>Plusieurs sont séparés par une virgule.</translation>
    </message>
    <message>
      <source>The fuzzymatching parameter (PS3.18 section 8.3.4.2). Servers that do not know it match names as they are written.</source>
      <translation>Le paramètre fuzzymatching (PS3.18, section 8.3.4.2). Les serveurs qui l'ignorent comparent les noms tels qu'écrits.</translation>
    </message>
    <message>
      <source>Also names that sound alike, where the server can</source>
      <translation>Aussi les noms qui sonnent pareil, où le serveur le peut</translation>
    </message>
    <message>
      <source>&amp;Search</source>
      <translation>Rec&amp;hercher</translation>
    </message>
    <message>
      <source>S&amp;top</source>
      <translation>Arrê&amp;ter</translation>
    </message>
    <message>
      <source>Saved sear&amp;ches</source>
      <translation>Recherches &amp;enregistrées</translation>
    </message>
    <message>
      <source>Open lin&amp;k...</source>
      <translation>Ouvrir un &amp;lien...</translation>
    </message>
    <message>
      <source>Opens a Weasis manifest, a weasis:// link, or the address of a DICOMweb study or series.</source>
      <translation>Ouvre un manifeste de Weasis, un lien weasis:// ou l'adresse d'une étude ou d'une série DICOMweb.</translation>
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
      <translation>Séries en &amp;parallèle :</translation>
    </message>
    <message>
      <source>How many requests of one transfer run side by side, at most. Each brings a series; fewer run when more would not be faster, or when the server says that it is busy.</source>
      <translation>Combien de requêtes d'un transfert vont de front, au plus. Chacune apporte une série ; il y en a moins si davantage n'irait pas plus vite, ou si le serveur se dit occupé.</translation>
    </message>
    <message>
      <source>Pre&amp;views kept, in MB:</source>
      <translation>&amp;Aperçus gardés, en Mo :</translation>
    </message>
    <message>
      <source>How much disk space the small pictures in the results may take. 0: none is kept.</source>
      <translation>Combien de place les petites images des résultats peuvent prendre sur le disque. 0 : aucune n'est gardée.</translation>
    </message>
    <message>
      <source>none</source>
      <translation>aucune</translation>
    </message>
    <message>
      <source>Previews are kept &amp;in:</source>
      <translation>Les aperçus sont gardés &amp;dans :</translation>
    </message>
    <message>
      <source>A folder for the previews; empty: where this system keeps what can be had again.</source>
      <translation>Un dossier pour les aperçus ; vide : où ce système garde ce qu'on peut ravoir.</translation>
    </message>
    <message>
      <source>where this system keeps caches</source>
      <translation>où ce système garde ses caches</translation>
    </message>
    <message>
      <source>...</source>
      <translation>...</translation>
    </message>
    <message>
      <source>Choose the folder.</source>
      <translation>Choisir le dossier.</translation>
    </message>
    <message>
      <source>&amp;Empty</source>
      <translation>&amp;Vider</translation>
    </message>
    <message>
      <source>Remove all previews; they are asked for again when they are needed.</source>
      <translation>Supprime tous les aperçus ; ils seront redemandés au besoin.</translation>
    </message>
    <message>
      <source>&amp;Log:</source>
      <translation>&amp;Journal :</translation>
    </message>
    <message>
      <source>What goes to Slicer's log: no secrets, no names and no values that were searched for.</source>
      <translation>Ce qui va dans le journal de Slicer : ni secrets, ni noms, ni valeurs recherchées.</translation>
    </message>
    <message>
      <source>Problems only</source>
      <translation>Problèmes seulement</translation>
    </message>
    <message>
      <source>One line an action</source>
      <translation>Une ligne par action</translation>
    </message>
    <message>
      <source>Every request too</source>
      <translation>Chaque requête aussi</translation>
    </message>
    <message>
      <source>&amp;Secrets are kept in:</source>
      <translation>Les &amp;secrets sont gardés dans :</translation>
    </message>
    <message>
      <source>S&amp;how</source>
      <translation>M&amp;ontrer</translation>
    </message>
    <message>
      <source>Passwords, tokens, client secrets and secret headers: in the system's keyring where there is one, else in memory, or in a file that only you can read.</source>
      <translation>Mots de passe, jetons, secrets de clients et en-têtes secrets : dans le trousseau du système où il y en a un, sinon en mémoire, ou dans un fichier que vous seul pouvez lire.</translation>
    </message>
    <message>
      <source>&amp;Reset</source>
      <translation>&amp;Réinitialiser</translation>
    </message>
    <message>
      <source>All of these settings as they were in the beginning; nodes, methods and secrets stay.</source>
      <translation>Tous ces réglages comme au début ; nœuds, authentifications et secrets restent.</translation>
    </message>
    <message>
      <source>&amp;Copy diagnostics</source>
      <translation>&amp;Copier le diagnostic</translation>
    </message>
    <message>
      <source>Copy versions, nodes without secrets and the last errors to the clipboard, for somebody who helps.</source>
      <translation>Copie versions, nœuds sans secrets et dernières erreurs dans le presse-papiers, pour qui vous aide.</translation>
    </message>
  </context>
  <context>
    <name>SignInPanel</name>
    <message>
      <source>Address of the page to sign in</source>
      <translation>Adresse de la page de connexion</translation>
    </message>
    <message>
      <source>The address to open, for this or another browser.</source>
      <translation>L'adresse à ouvrir, pour ce navigateur ou un autre.</translation>
    </message>
    <message>
      <source>Copy &amp;link</source>
      <translation>Copier le &amp;lien</translation>
    </message>
    <message>
      <source>&amp;Cancel sign-in</source>
      <translation>&amp;Annuler la connexion</translation>
    </message>
  </context>
  <context>
    <name>TransfersPanel</name>
    <message>
      <source>Transfers</source>
      <translation>Transferts</translation>
    </message>
    <message>
      <source>No transfers yet. What you import or send shows here.</source>
      <translation>Pas encore de transferts. Ce que vous importez ou envoyez se montre ici.</translation>
    </message>
    <message>
      <source>&amp;Pause</source>
      <translation>&amp;Pause</translation>
    </message>
    <message>
      <source>&amp;Resume</source>
      <translation>&amp;Reprendre</translation>
    </message>
    <message>
      <source>&amp;Cancel</source>
      <translation>&amp;Annuler</translation>
    </message>
    <message>
      <source>Re&amp;try</source>
      <translation>Rée&amp;ssayer</translation>
    </message>
    <message>
      <source>Fetch or send what is missing.</source>
      <translation>Va chercher ou envoie ce qui manque.</translation>
    </message>
    <message>
      <source>Clear f&amp;inished</source>
      <translation>Retirer les &amp;terminés</translation>
    </message>
    <message>
      <source>Take finished transfers off this list.</source>
      <translation>Retire les transferts terminés de cette liste.</translation>
    </message>
  </context>
</TS>
