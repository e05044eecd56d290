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
    <message>
      <source>It stands on requests, pydicom and oauthlib, and on Slicer's DICOM database, which is CTK's.</source>
      <translation>Elle repose sur requests, pydicom et oauthlib, et sur la base DICOM de Slicer, qui est celle de CTK.</translation>
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
      <source>Try again</source>
      <translation>Réessayer</translation>
    </message>
    <message>
      <source>{n} instances are missing. The list of transfers says why, and can try again.</source>
      <translation>Il manque {n} instances. La liste des transferts dit pourquoi et permet de réessayer.</translation>
    </message>
    <message>
      <source>The search was stopped: there may be more.</source>
      <translation>La recherche a été arrêtée : il peut y en avoir plus.</translation>
    </message>
    <message>
      <source>Sign in...</source>
      <translation>Se connecter...</translation>
    </message>
    <message>
      <source>1 instance is missing. The list of transfers says why, and can try again.</source>
      <translation>Il manque 1 instance. La liste des transferts dit pourquoi, et peut réessayer.</translation>
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
      <source>checking...</source>
      <translation>vérification...</translation>
    </message>
    <message>
      <source>Edit {name}</source>
      <translation>Modifier {name}</translation>
    </message>
    <message>
      <source>Such servers usually take: {template}</source>
      <translation>De tels serveurs prennent d'habitude : {template}</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.node_fields</name>
    <message>
      <source>no node</source>
      <translation>aucun nœud</translation>
    </message>
    <message>
      <source>none</source>
      <translation>aucune</translation>
    </message>
    <message>
      <source>as stored</source>
      <translation>comme stocké</translation>
    </message>
    <message>
      <source>{name} copy</source>
      <translation>{name} copie</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.node_manager</name>
    <message>
      <source>Try again</source>
      <translation>Réessayer</translation>
    </message>
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
      <source>Last checks</source>
      <translation>Dernières vérifications</translation>
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
    <name>DICOMWebNodesUI.node_menu</name>
    <message>
      <source>&amp;Add...</source>
      <translation>A&amp;jouter...</translation>
    </message>
    <message>
      <source>&amp;Edit...</source>
      <translation>&amp;Modifier...</translation>
    </message>
    <message>
      <source>&amp;Test</source>
      <translation>&amp;Tester</translation>
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
    <name>DICOMWebNodesUI.proxy_fields</name>
    <message>
      <source>as it is kept</source>
      <translation>comme il est conservé</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.questions</name>
    <message>
      <source>Show</source>
      <translation>Afficher</translation>
    </message>
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
    <name>DICOMWebNodesUI.results_marks</name>
    <message>
      <source>{n} instances are in the DICOM database</source>
      <translation>{n} instances sont dans la base DICOM</translation>
    </message>
    <message>
      <source>{n} of {m} studies are in the DICOM database</source>
      <translation>{n} études sur {m} sont dans la base DICOM</translation>
    </message>
    <message>
      <source>{n} of {m} instances are in the DICOM database</source>
      <translation>{n} instances sur {m} sont dans la base DICOM</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.results_menu</name>
    <message>
      <source>Copy study &amp;UIDs</source>
      <translation>Copier les &amp;UID d'études</translation>
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
      <source>Import and &amp;load</source>
      <translation>Importer et &amp;charger</translation>
    </message>
    <message>
      <source>&amp;Import</source>
      <translation>&amp;Importer</translation>
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
      <source>Details</source>
      <translation>Détails</translation>
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
      <source>imported from {first}, also on {others}</source>
      <translation>importée de {first}, aussi sur {others}</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.results_selection</name>
    <message>
      <source>{name} and {n} more</source>
      <translation>{name} et {n} autres</translation>
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
    <name>DICOMWebNodesUI.results_view</name>
    <message>
      <source>1 UID copied.</source>
      <translation>1 UID copié.</translation>
    </message>
    <message>
      <source>{n} UIDs copied.</source>
      <translation>{n} UID copiés.</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.row_phrases</name>
    <message>
      <source>(no name)</source>
      <translation>(sans nom)</translation>
    </message>
    <message>
      <source>{name}  ({id})</source>
      <translation>{name}  ({id})</translation>
    </message>
    <message>
      <source>{name}, born {date}</source>
      <translation>{name}, né(e) le {date}</translation>
    </message>
    <message>
      <source>Study {id}</source>
      <translation>Étude {id}</translation>
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
      <source>looking for its series...</source>
      <translation>recherche de ses séries...</translation>
    </message>
    <message>
      <source>looking for its instances...</source>
      <translation>recherche de ses instances...</translation>
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
      <translation>{n} images</translation>
    </message>
    <message>
      <source>Instance {number}</source>
      <translation>Instance {number}</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.saved_searches</name>
    <message>
      <source>&amp;Clear all fields</source>
      <translation>&amp;Vider tous les champs</translation>
    </message>
    <message>
      <source>&amp;Save this search...</source>
      <translation>&amp;Enregistrer cette recherche...</translation>
    </message>
    <message>
      <source>Rename</source>
      <translation>Renommer</translation>
    </message>
    <message>
      <source>Name:</source>
      <translation>Nom :</translation>
    </message>
    <message>
      <source>Re&amp;name</source>
      <translation>Re&amp;nommer</translation>
    </message>
    <message>
      <source>&amp;Remove</source>
      <translation>&amp;Supprimer</translation>
    </message>
    <message>
      <source>Save this search</source>
      <translation>Enregistrer cette recherche</translation>
    </message>
    <message>
      <source>Replace</source>
      <translation>Remplacer</translation>
    </message>
    <message>
      <source>There is a search '{name}' already. Replace it?</source>
      <translation>Il y a déjà une recherche '{name}'. La remplacer ?</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.scene_loader</name>
    <message>
      <source>{n} of {m} series were not loaded:</source>
      <translation>{n} séries sur {m} n’ont pas été chargées :</translation>
    </message>
    <message>
      <source>It refers to {n} other series of the DICOM database. Load them too?</source>
      <translation>Cela se réfère à {n} autres séries de la base DICOM. Les charger aussi ?</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesUI.search_form</name>
    <message>
      <source>More fields</source>
      <translation>Plus de champs</translation>
    </message>
    <message>
      <source>Several nodes...</source>
      <translation>Plusieurs nœuds...</translation>
    </message>
    <message>
      <source>The first day is after the last one.</source>
      <translation>Le premier jour est après le dernier.</translation>
    </message>
    <message>
      <source>Choose the nodes to search.</source>
      <translation>Choisissez les nœuds où chercher.</translation>
    </message>
    <message>
      <source>More fields ({n} filled in)</source>
      <translation>Plus de champs ({n} remplis)</translation>
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
      <source>incomplete</source>
      <translation>incomplet</translation>
    </message>
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
      <source>sent</source>
      <translation>envoyé</translation>
    </message>
    <message>
      <source>in the database</source>
      <translation>dans la base</translation>
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
      <source>{n} of {all}</source>
      <translation>{n} sur {all}</translation>
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
      <source>and {n} more</source>
      <translation>et {n} de plus</translation>
    </message>
    <message>
      <source>Series ({place})</source>
      <translation>Série ({place})</translation>
    </message>
    <message>
      <source>{duration} left</source>
      <translation>encore {duration}</translation>
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
    <name>DICOMWebNodesUI.unfinished_row</name>
    <message>
      <source>This was not finished. Resume brings what is missing, Cancel forgets it.</source>
      <translation>Cela n'a pas été terminé. Reprendre apporte ce qui manque, Annuler l'oublie.</translation>
    </message>
    <message>
      <source>Another Slicer that has this DICOM database open has taken it up. Look there how far it is; when it ends there without having finished, it can be resumed here.</source>
      <translation>Un autre Slicer où cette base de données DICOM est ouverte s'en est chargé. Voyez là où il en est ; s'il s'y termine sans être achevé, il peut être repris ici.</translation>
    </message>
    <message>
      <source>The server has confirmed {n} of it, which will not be sent again.</source>
      <translation>Le serveur en a confirmé {n}, qui ne seront pas renvoyées.</translation>
    </message>
    <message>
      <source>in another Slicer</source>
      <translation>dans un autre Slicer</translation>
    </message>
    <message>
      <source>not finished</source>
      <translation>non terminé</translation>
    </message>
    <message>
      <source>A manifest or link asked {host} for this, and what it brought for that is not kept. Open it again (Import, Open link...): only what is missing is fetched. Cancel forgets it.</source>
      <translation>Un manifeste ou un lien a demandé cela à {host} ; ce qu’il apportait pour cela n’est pas conservé. Ouvrez-le de nouveau (Import, Ouvrir un lien...) : seul ce qui manque est récupéré. Annuler l’oublie.</translation>
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
      <translation>{number} : {description}</translation>
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
    <name>DICOMWebNodesHost.dialogs</name>
    <message>
      <source>importing</source>
      <translation>importation</translation>
    </message>
    <message>
      <source>loading</source>
      <translation>chargement</translation>
    </message>
    <message>
      <source>searching</source>
      <translation>recherche</translation>
    </message>
    <message>
      <source>sending</source>
      <translation>envoi</translation>
    </message>
    <message>
      <source>waiting for the sign-in</source>
      <translation>en attente de la connexion</translation>
    </message>
    <message>
      <source>testing the node</source>
      <translation>test du nœud</translation>
    </message>
    <message>
      <source>please wait</source>
      <translation>veuillez patienter</translation>
    </message>
  </context>
  <context>
    <name>DICOMWebNodesHost.library_texts</name>
    <message>
      <source>signed out, and the token is revoked at {provider}</source>
      <translation>déconnecté, et le jeton est révoqué chez {provider}</translation>
    </message>
    <message>
      <source>Use it: give it to a node.</source>
      <translation>Utilisez-la : donnez-la à un nœud.</translation>
    </message>
    <message>
      <source>signed out here; {provider} has no way to revoke a token before it expires</source>
      <translation>déconnecté ici ; {provider} n'a aucun moyen de révoquer un jeton avant son expiration</translation>
    </message>
    <message>
      <source>'{name}' needs nobody to sign in</source>
      <translation>'{name}' ne demande aucune connexion</translation>
    </message>
    <message>
      <source>nobody was signed in with '{name}'</source>
      <translation>personne n'était connecté avec '{name}'</translation>
    </message>
    <message>
      <source>signed out here only: {error}</source>
      <translation>déconnecté ici seulement : {error}</translation>
    </message>
    <message>
      <source>sign in</source>
      <translation>se connecter</translation>
    </message>
    <message>
      <source>Somebody may have tampered with the sign-in. Start it again.</source>
      <translation>Quelqu'un a peut-être altéré la connexion. Recommencez-la.</translation>
    </message>
    <message>
      <source>{provider} sent neither a code nor an error</source>
      <translation>{provider} n'a envoyé ni code ni erreur</translation>
    </message>
    <message>
      <source>the answer does not name its issuer, and {issuer} was asked</source>
      <translation>la réponse ne nomme pas d'émetteur, et {issuer} a été interrogé</translation>
    </message>
    <message>
      <source>the answer names '{other}' as its issuer, and {issuer} was asked</source>
      <translation>la réponse nomme '{other}' comme émetteur, et {issuer} a été interrogé</translation>
    </message>
    <message>
      <source>something went wrong; 3D Slicer says what</source>
      <translation>quelque chose s'est mal passé ; 3D Slicer dit quoi</translation>
    </message>
    <message>
      <source>Run 'aws configure' or 'aws sso login' (which needs the Python package botocore here).</source>
      <translation>Lancez 'aws configure' ou 'aws sso login' (qui demande ici le paquet Python botocore).</translation>
    </message>
    <message>
      <source>Run 'aws sso login', or whatever this profile needs.</source>
      <translation>Lancez 'aws sso login', ou ce que demande ce profil.</translation>
    </message>
    <message>
      <source>Correct it, or run 'aws configure'.</source>
      <translation>Corrigez-le, ou lancez 'aws configure'.</translation>
    </message>
    <message>
      <source>there are no AWS credentials: neither in the environment nor in the profile '{name}'</source>
      <translation>il n'y a pas d'identifiants AWS : ni dans l'environnement ni dans le profil '{name}'</translation>
    </message>
    <message>
      <source>Run it by hand to see why: it is named in the AWS configuration file.</source>
      <translation>Lancez-le à la main pour voir pourquoi : il est nommé dans le fichier de configuration d'AWS.</translation>
    </message>
    <message>
      <source>the AWS profile '{profile}' gave no credentials ({error})</source>
      <translation>le profil AWS '{profile}' n'a pas donné d'identifiants ({error})</translation>
    </message>
    <message>
      <source>the AWS file {path} cannot be read ({error})</source>
      <translation>le fichier AWS {path} ne peut pas être lu ({error})</translation>
    </message>
    <message>
      <source>the credential_process of the AWS profile gave no credentials ({error})</source>
      <translation>le credential_process du profil AWS n'a pas donné d'identifiants ({error})</translation>
    </message>
    <message>
      <source>Check the network, and the provider's address in the authentication method.</source>
      <translation>Vérifiez le réseau et l'adresse du fournisseur dans l'authentification.</translation>
    </message>
    <message>
      <source>{host} answered {answer}</source>
      <translation>{host} a répondu {answer}</translation>
    </message>
    <message>
      <source>the answer (of no type) is not a JSON object</source>
      <translation>la réponse (sans type) n'est pas un objet JSON</translation>
    </message>
    <message>
      <source>the answer ({type}) is not a JSON object</source>
      <translation>la réponse ({type}) n'est pas un objet JSON</translation>
    </message>
    <message>
      <source>the answer of {host} is larger than {limit:,} bytes</source>
      <translation>la réponse de {host} dépasse {limit:,} octets</translation>
    </message>
    <message>
      <source>{host} did not end its answer within {seconds} s</source>
      <translation>{host} n’a pas terminé sa réponse en {seconds} s</translation>
    </message>
    <message>
      <source>the sign-in was cancelled</source>
      <translation>la connexion a été annulée</translation>
    </message>
    <message>
      <source>Start it again when you are ready.</source>
      <translation>Recommencez-la quand vous serez prêt.</translation>
    </message>
    <message>
      <source>sign in with the device code</source>
      <translation>se connecter avec le code d'appareil</translation>
    </message>
    <message>
      <source>{provider} sent no {missing}</source>
      <translation>{provider} n'a pas envoyé de {missing}</translation>
    </message>
    <message>
      <source>the code expired before anybody entered it</source>
      <translation>le code a expiré avant que quelqu'un ne l'ait saisi</translation>
    </message>
    <message>
      <source>Start the sign-in again and enter the new code.</source>
      <translation>Recommencez la connexion et saisissez le nouveau code.</translation>
    </message>
    <message>
      <source>Check the issuer's URL, or give its endpoints.</source>
      <translation>Vérifiez l'URL de l'émetteur, ou donnez ses points d'accès.</translation>
    </message>
    <message>
      <source>Give the issuer exactly as the provider writes it.</source>
      <translation>Donnez l'émetteur exactement comme le fournisseur l'écrit.</translation>
    </message>
    <message>
      <source>Give it, or choose another grant: the provider may not offer this one.</source>
      <translation>Donnez-le, ou choisissez un autre grant : le fournisseur n'offre peut-être pas celui-ci.</translation>
    </message>
    <message>
      <source>nothing can be discovered from the issuer '{issuer}': {cause}</source>
      <translation>rien ne peut être demandé à l'émetteur '{issuer}' : {cause}</translation>
    </message>
    <message>
      <source>the metadata of '{issuer}' is that of another issuer, '{other}'</source>
      <translation>les métadonnées de '{issuer}' sont celles d'un autre émetteur, '{other}'</translation>
    </message>
    <message>
      <source>{issuer} does not say where its {missing} is</source>
      <translation>{issuer} ne dit pas où cela se trouve : {missing}</translation>
    </message>
    <message>
      <source>discover {issuer}</source>
      <translation>interroger {issuer}</translation>
    </message>
    <message>
      <source>an authentication method is a JSON object</source>
      <translation>une authentification est un objet JSON</translation>
    </message>
    <message>
      <source>the {field} is {value!r}</source>
      <translation>{field} vaut {value!r}</translation>
    </message>
    <message>
      <source>the {field} is missing</source>
      <translation>il manque : {field}</translation>
    </message>
    <message>
      <source>Choose one of {choices}.</source>
      <translation>Choisissez parmi {choices}.</translation>
    </message>
    <message>
      <source>audience</source>
      <translation>audience</translation>
    </message>
    <message>
      <source>authorization endpoint</source>
      <translation>point d'accès d'autorisation</translation>
    </message>
    <message>
      <source>client ID</source>
      <translation>ID client</translation>
    </message>
    <message>
      <source>device authorization endpoint</source>
      <translation>point d'accès d'autorisation d'appareil</translation>
    </message>
    <message>
      <source>grant</source>
      <translation>grant</translation>
    </message>
    <message>
      <source>issuer</source>
      <translation>émetteur</translation>
    </message>
    <message>
      <source>kind</source>
      <translation>genre</translation>
    </message>
    <message>
      <source>provider</source>
      <translation>fournisseur</translation>
    </message>
    <message>
      <source>registration</source>
      <translation>enregistrement</translation>
    </message>
    <message>
      <source>revocation endpoint</source>
      <translation>point d'accès de révocation</translation>
    </message>
    <message>
      <source>token endpoint</source>
      <translation>point d'accès des jetons</translation>
    </message>
    <message>
      <source>token endpoint auth method</source>
      <translation>authentification du client au point d'accès des jetons</translation>
    </message>
    <message>
      <source>has mode {mode}: other users of this computer can read it</source>
      <translation>a le mode {mode} : d'autres utilisateurs de cet ordinateur peuvent le lire</translation>
    </message>
    <message>
      <source>Run 'chmod 600 {path}'</source>
      <translation>Lancez 'chmod 600 {path}'</translation>
    </message>
    <message>
      <source>{path}, which only you can read</source>
      <translation>{path}, que vous seul pouvez lire</translation>
    </message>
    <message>
      <source>Keep secrets in the system's keyring, or in the memory.</source>
      <translation>Gardez les secrets dans le trousseau du système, ou en mémoire.</translation>
    </message>
    <message>
      <source>Sign in and give passwords again.</source>
      <translation>Connectez-vous et redonnez les mots de passe.</translation>
    </message>
    <message>
      <source>Check the path and the rights on it.</source>
      <translation>Vérifiez le chemin et ses droits.</translation>
    </message>
    <message>
      <source>{path} {problem}, with the secrets in it</source>
      <translation>{path} {problem}, avec les secrets qu'il contient</translation>
    </message>
    <message>
      <source>{folder} cannot be kept from other users ({reason})</source>
      <translation>{folder} ne peut pas être protégé des autres utilisateurs ({reason})</translation>
    </message>
    <message>
      <source>the file of secrets was damaged and is now {aside}</source>
      <translation>le fichier des secrets était endommagé et est maintenant {aside}</translation>
    </message>
    <message>
      <source>{path} does not tell who can read it: {reason}</source>
      <translation>{path} ne dit pas qui peut le lire : {reason}</translation>
    </message>
    <message>
      <source>{cure}, and change the passwords and tokens that were in it.</source>
      <translation>{cure}, et changez les mots de passe et les jetons qui y étaient.</translation>
    </message>
    <message>
      <source>Run 'gcloud auth application-default login', or set GOOGLE_APPLICATION_CREDENTIALS to a key file.</source>
      <translation>Lancez 'gcloud auth application-default login', ou donnez un fichier de clé dans GOOGLE_APPLICATION_CREDENTIALS.</translation>
    </message>
    <message>
      <source>gcloud gives no token</source>
      <translation>gcloud ne donne pas de jeton</translation>
    </message>
    <message>
      <source>Run 'gcloud auth login'.</source>
      <translation>Lancez 'gcloud auth login'.</translation>
    </message>
    <message>
      <source>Install it with 'python -m pip install google-auth', or use 'gcloud'.</source>
      <translation>Installez-le avec 'python -m pip install google-auth', ou utilisez 'gcloud'.</translation>
    </message>
    <message>
      <source>gcloud is not installed</source>
      <translation>gcloud n'est pas installé</translation>
    </message>
    <message>
      <source>Install the Google Cloud CLI, or choose another authentication.</source>
      <translation>Installez la Google Cloud CLI, ou choisissez une autre authentification.</translation>
    </message>
    <message>
      <source>{path} holds credentials of type '{kind}', which need the Python package google-auth</source>
      <translation>{path} contient des identifiants du genre '{kind}', qui demandent le paquet Python google-auth</translation>
    </message>
    <message>
      <source>{path} holds no credentials</source>
      <translation>{path} ne contient pas d'identifiants</translation>
    </message>
    <message>
      <source>google-auth does not get a token with {path} ({error})</source>
      <translation>google-auth n'obtient pas de jeton avec {path} ({error})</translation>
    </message>
    <message>
      <source>{path} has no {error}</source>
      <translation>{path} n'a pas de {error}</translation>
    </message>
    <message>
      <source>Google does not accept {path}: {words}</source>
      <translation>Google n'accepte pas {path} : {words}</translation>
    </message>
    <message>
      <source>{path} cannot be read: {reason}</source>
      <translation>{path} ne peut pas être lu : {reason}</translation>
    </message>
    <message>
      <source>Sign in again.</source>
      <translation>Connectez-vous de nouveau.</translation>
    </message>
    <message>
      <source>the provider's ID token is refused: {cause}</source>
      <translation>le jeton d'identité du fournisseur est refusé : {cause}</translation>
    </message>
    <message>
      <source>it is of another issuer, '{issuer}'</source>
      <translation>il vient d'un autre émetteur, '{issuer}'</translation>
    </message>
    <message>
      <source>Check the issuer in the method.</source>
      <translation>Vérifiez l'émetteur dans l'authentification.</translation>
    </message>
    <message>
      <source>it is for another client, '{client}'</source>
      <translation>il est pour un autre client, '{client}'</translation>
    </message>
    <message>
      <source>Check the client ID in the method.</source>
      <translation>Vérifiez l'ID client dans l'authentification.</translation>
    </message>
    <message>
      <source>it was issued to another client, '{client}'</source>
      <translation>il a été émis pour un autre client, '{client}'</translation>
    </message>
    <message>
      <source>it has expired</source>
      <translation>il a expiré</translation>
    </message>
    <message>
      <source>Check the clock of this computer.</source>
      <translation>Vérifiez l'horloge de cet ordinateur.</translation>
    </message>
    <message>
      <source>it belongs to another sign-in (its nonce is not ours)</source>
      <translation>il appartient à une autre connexion (son nonce n'est pas le nôtre)</translation>
    </message>
    <message>
      <source>it is missing</source>
      <translation>il manque</translation>
    </message>
    <message>
      <source>it cannot be read</source>
      <translation>il ne peut pas être lu</translation>
    </message>
    <message>
      <source>the system's keyring ({value})</source>
      <translation>le trousseau du système ({value})</translation>
    </message>
    <message>
      <source>Unlock it and try again, or keep secrets in a file: 'auth secrets --file'.</source>
      <translation>Déverrouillez-le et réessayez, ou gardez les secrets dans un fichier : 'auth secrets --file'.</translation>
    </message>
    <message>
      <source>{place} does not open ({error})</source>
      <translation>les secrets ne s'ouvrent pas ({place} ; {error})</translation>
    </message>
    <message>
      <source>Finish the other sign-in first, or close the program that uses the port.</source>
      <translation>Terminez d'abord l'autre connexion, ou fermez le programme qui occupe le port.</translation>
    </message>
    <message>
      <source>port {port} of this computer, to which the browser shall come back, is taken</source>
      <translation>le port {port} de cet ordinateur, où le navigateur doit revenir, est pris</translation>
    </message>
    <message>
      <source>nobody finished the sign-in within {timeout} s</source>
      <translation>personne n'a terminé la connexion en {timeout} s</translation>
    </message>
    <message>
      <source>client secret</source>
      <translation>secret client</translation>
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
      <translation>une authentification a besoin d'un nom</translation>
    </message>
    <message>
      <source>Give it one.</source>
      <translation>Donnez-lui-en un.</translation>
    </message>
    <message>
      <source>the user name is missing</source>
      <translation>le nom d'utilisateur manque</translation>
    </message>
    <message>
      <source>the user name {value!r} has a colon or a control character, which Basic authentication cannot carry</source>
      <translation>le nom d'utilisateur {value!r} contient un deux-points ou un caractère de contrôle, ce que Basic ne permet pas</translation>
    </message>
    <message>
      <source>Give it, or the issuer, from which it can be discovered.</source>
      <translation>Donnez-le, ou l'émetteur, à qui le demander.</translation>
    </message>
    <message>
      <source>an OpenID provider needs an issuer, or its ID token cannot be checked</source>
      <translation>un fournisseur OpenID a besoin d'un émetteur, sinon son jeton d'identité ne peut pas être vérifié</translation>
    </message>
    <message>
      <source>Give the issuer.</source>
      <translation>Donnez l'émetteur.</translation>
    </message>
    <message>
      <source>a name of {length} characters, more than {most}</source>
      <translation>un nom de {length} caractères, plus que {most}</translation>
    </message>
    <message>
      <source>the {field} {value!r} is not one; it looks like '{example}'</source>
      <translation>{field} {value!r} ne convient pas ; cela ressemble à '{example}'</translation>
    </message>
    <message>
      <source>the {field} is {value!r}, not one of {names}</source>
      <translation>{field} vaut {value!r}, aucun de {names}</translation>
    </message>
    <message>
      <source>the kind is {kind!r}</source>
      <translation>le genre est {kind!r}</translation>
    </message>
    <message>
      <source>the uid is {uid!r}</source>
      <translation>l'uid est {uid!r}</translation>
    </message>
    <message>
      <source>a method of kind '{kind}' has no '{name}'</source>
      <translation>une authentification du genre '{kind}' n'a pas de '{name}'</translation>
    </message>
    <message>
      <source>{value!r} is not text</source>
      <translation>{value!r} n'est pas du texte</translation>
    </message>
    <message>
      <source>service</source>
      <translation>service</translation>
    </message>
    <message>
      <source>payload</source>
      <translation>charge utile</translation>
    </message>
    <message>
      <source>a method of kind '{kind}' has no {field}</source>
      <translation>une authentification du genre '{kind}' n'a pas ceci : {field}</translation>
    </message>
    <message>
      <source>region</source>
      <translation>région</translation>
    </message>
    <message>
      <source>there is no authentication method '{name_or_uid}'</source>
      <translation>il n'y a pas d'authentification '{name_or_uid}'</translation>
    </message>
    <message>
      <source>Choose another name.</source>
      <translation>Choisissez un autre nom.</translation>
    </message>
    <message>
      <source>authentication methods</source>
      <translation>authentifications</translation>
    </message>
    <message>
      <source>there is a method named '{name}' already</source>
      <translation>il y a déjà une authentification nommée '{name}'</translation>
    </message>
    <message>
      <source>there is a method with the uid '{uid}' already</source>
      <translation>il y a déjà une authentification avec l'uid '{uid}'</translation>
    </message>
    <message>
      <source>'{name}' is the authentication of {names}</source>
      <translation>'{name}' est l'authentification de {names}</translation>
    </message>
    <message>
      <source>the password of '{user}' for the proxy {proxy} is not kept here</source>
      <translation>le mot de passe de '{user}' pour le proxy {proxy} n’est pas conservé ici</translation>
    </message>
    <message>
      <source>the value of the header '{name}' is not kept here</source>
      <translation>la valeur de l'en-tête '{name}' n'est pas gardée ici</translation>
    </message>
    <message>
      <source>Edit the node and give it again.</source>
      <translation>Modifiez le nœud et donnez-la de nouveau.</translation>
    </message>
    <message>
      <source>signing in with OAuth needs the Python package oauthlib, which is not installed</source>
      <translation>la connexion avec OAuth demande le paquet Python oauthlib, qui n'est pas installé</translation>
    </message>
    <message>
      <source>Install it with 'python -m pip install oauthlib', or choose another authentication.</source>
      <translation>Installez-le avec 'python -m pip install oauthlib', ou choisissez une autre authentification.</translation>
    </message>
    <message>
      <source>You can close this window and go back to 3D Slicer.</source>
      <translation>Vous pouvez fermer cette fenêtre et revenir à 3D Slicer.</translation>
    </message>
    <message>
      <source>en</source>
      <translation>fr</translation>
    </message>
    <message>
      <source>You are signed in as {account}. {done}</source>
      <translation>Vous êtes connecté en tant que {account}. {done}</translation>
    </message>
    <message>
      <source>Signed in</source>
      <translation>Connecté</translation>
    </message>
    <message>
      <source>Not signed in</source>
      <translation>Non connecté</translation>
    </message>
    <message>
      <source>{cause}. You can close this window.</source>
      <translation>{cause}. Vous pouvez fermer cette fenêtre.</translation>
    </message>
    <message>
      <source>Not found</source>
      <translation>Introuvable</translation>
    </message>
    <message>
      <source>This is not the answer to a sign-in.</source>
      <translation>Ce n'est pas la réponse à une connexion.</translation>
    </message>
    <message>
      <source>Give the URL up to the '#'.</source>
      <translation>Donnez l'URL jusqu'au '#'.</translation>
    </message>
    <message>
      <source>Use https, or allow plain http for this provider.</source>
      <translation>Utilisez https, ou autorisez http sans chiffrement pour ce fournisseur.</translation>
    </message>
    <message>
      <source>'{url}' is followed by a fragment</source>
      <translation>'{url}' est suivi d'un fragment</translation>
    </message>
    <message>
      <source>'{url}' is plain http, and passwords and tokens sent to it can be read on the way</source>
      <translation>'{url}' est du http sans chiffrement ; les mots de passe et jetons qui y vont peuvent être lus en chemin</translation>
    </message>
    <message>
      <source>its URL {url} is plain http: everybody on the way could read the credential</source>
      <translation>son URL {url} est du http sans chiffrement : chacun sur le chemin pourrait lire les identifiants</translation>
    </message>
    <message>
      <source>Give it up to the '?'.</source>
      <translation>Donnez-le jusqu'au '?'.</translation>
    </message>
    <message>
      <source>the provider</source>
      <translation>le fournisseur</translation>
    </message>
    <message>
      <source>the provider's name {name!r} cannot be shown as it is</source>
      <translation>le nom du fournisseur {name!r} ne peut pas être affiché tel quel</translation>
    </message>
    <message>
      <source>the issuer '{issuer}' has a query</source>
      <translation>l'émetteur '{issuer}' contient une requête</translation>
    </message>
    <message>
      <source>{flag} is {value!r}, neither true nor false</source>
      <translation>{flag} vaut {value!r}, ni true ni false</translation>
    </message>
    <message>
      <source>{text} is {value!r}, not text</source>
      <translation>{text} vaut {value!r}, pas du texte</translation>
    </message>
    <message>
      <source>the client ID is missing</source>
      <translation>l'ID client manque</translation>
    </message>
    <message>
      <source>The provider's administrator gives it when this program is registered.</source>
      <translation>L'administrateur du fournisseur le donne quand ce programme est enregistré.</translation>
    </message>
    <message>
      <source>client credentials need a client secret</source>
      <translation>client credentials demande un secret client</translation>
    </message>
    <message>
      <source>Give it, or choose another grant.</source>
      <translation>Donnez-le, ou choisissez un autre grant.</translation>
    </message>
    <message>
      <source>Give a number up to 65535, or 0 for any that is free.</source>
      <translation>Donnez un nombre jusqu'à 65535, ou 0 pour un port libre quelconque.</translation>
    </message>
    <message>
      <source>Give a plain path like '/callback', as it is registered.</source>
      <translation>Donnez un chemin simple comme '/callback', tel qu'il est enregistré.</translation>
    </message>
    <message>
      <source>Separate scopes by spaces.</source>
      <translation>Séparez les scopes par des espaces.</translation>
    </message>
    <message>
      <source>It is made for each sign-in, or has a field of its own.</source>
      <translation>Il est formé à chaque connexion, ou a un champ à lui.</translation>
    </message>
    <message>
      <source>the redirect host is {redirect_host!r}</source>
      <translation>l'hôte de redirection est {redirect_host!r}</translation>
    </message>
    <message>
      <source>the redirect port is {port!r}</source>
      <translation>le port de redirection est {port!r}</translation>
    </message>
    <message>
      <source>the redirect path is {redirect_path!r}</source>
      <translation>le chemin de redirection est {redirect_path!r}</translation>
    </message>
    <message>
      <source>the scope {scope!r} is not written well</source>
      <translation>le scope {scope!r} est mal écrit</translation>
    </message>
    <message>
      <source>the authorization parameter '{name}' cannot be given</source>
      <translation>le paramètre d'autorisation '{name}' ne peut pas être donné</translation>
    </message>
    <message>
      <source>the {field} {value!r} has a character that none has</source>
      <translation>{field} {value!r} contient un caractère interdit</translation>
    </message>
    <message>
      <source>Only this computer can be one: {names}.</source>
      <translation>Seul cet ordinateur peut l'être : {names}.</translation>
    </message>
    <message>
      <source>sign out</source>
      <translation>se déconnecter</translation>
    </message>
    <message>
      <source>The token was forgotten here; end the session in your account at the provider as well.</source>
      <translation>Le jeton a été oublié ici ; terminez aussi la session dans votre compte chez le fournisseur.</translation>
    </message>
    <message>
      <source>{provider} answered {answer} to the revocation</source>
      <translation>{provider} a répondu {answer} à la révocation</translation>
    </message>
    <message>
      <source>the key of a service account needs the Python package cryptography, or openssl, to sign with</source>
      <translation>la clé d'un compte de service demande, pour signer, le paquet Python cryptography ou openssl</translation>
    </message>
    <message>
      <source>Install it with 'python -m pip install cryptography'.</source>
      <translation>Installez-le avec 'python -m pip install cryptography'.</translation>
    </message>
    <message>
      <source>the private key of the service account is not an RSA key that can be read</source>
      <translation>la clé privée du compte de service n'est pas une clé RSA lisible</translation>
    </message>
    <message>
      <source>Create a new key for the service account.</source>
      <translation>Créez une nouvelle clé pour le compte de service.</translation>
    </message>
    <message>
      <source>memory, until this program ends</source>
      <translation>la mémoire, jusqu'à la fin de ce programme</translation>
    </message>
    <message>
      <source>the sign-in is not finished after {timeout} s</source>
      <translation>la connexion n'est pas terminée après {timeout} s</translation>
    </message>
    <message>
      <source>the sign-in broke off ({error})</source>
      <translation>la connexion s'est interrompue ({error})</translation>
    </message>
    <message>
      <source>the {secret} of '{name}' is not kept here</source>
      <translation>non gardé ici : {secret} de '{name}'</translation>
    </message>
    <message>
      <source>Give it: 'auth login' asks for it, and so does 'auth edit' for a {secret}.</source>
      <translation>Donnez-le : 'auth login' le demande, et 'auth edit' aussi ({secret}).</translation>
    </message>
    <message>
      <source>signed in</source>
      <translation>connecté</translation>
    </message>
    <message>
      <source>sign-in required: the last one expired</source>
      <translation>connexion nécessaire : la dernière a expiré</translation>
    </message>
    <message>
      <source>{secret} is missing</source>
      <translation>{secret} : manque</translation>
    </message>
    <message>
      <source>ready</source>
      <translation>prêt</translation>
    </message>
    <message>
      <source>sign-in required</source>
      <translation>connexion nécessaire</translation>
    </message>
    <message>
      <source>It looks like '{example}'.</source>
      <translation>Cela ressemble à '{example}'.</translation>
    </message>
    <message>
      <source>there is no template '{name}'</source>
      <translation>il n'y a pas de modèle '{name}'</translation>
    </message>
    <message>
      <source>{label} is '{answer}'</source>
      <translation>{label} vaut '{answer}'</translation>
    </message>
    <message>
      <source>Choose one of {names}.</source>
      <translation>Choisissez parmi {names}.</translation>
    </message>
    <message>
      <source>It asks for nothing.</source>
      <translation>Il ne demande rien.</translation>
    </message>
    <message>
      <source>There are {names}.</source>
      <translation>Il y a {names}.</translation>
    </message>
    <message>
      <source>{label} is missing</source>
      <translation>{label} : manque</translation>
    </message>
    <message>
      <source>{label} is not {expects}</source>
      <translation>{label} ne convient pas ; on attend {expects}</translation>
    </message>
    <message>
      <source>{label} '{value}' is not {expects}</source>
      <translation>{label} '{value}' ne convient pas ; on attend {expects}</translation>
    </message>
    <message>
      <source>'{template}' does not ask for '{name}'</source>
      <translation>'{template}' ne demande pas '{name}'</translation>
    </message>
    <message>
      <source>It asks for {names}.</source>
      <translation>Il demande {names}.</translation>
    </message>
    <message>
      <source>Check the client ID, the client secret and how the secret is sent.</source>
      <translation>Vérifiez l'ID client, le secret client et la façon de l'envoyer.</translation>
    </message>
    <message>
      <source>Check the client secret, or ask the provider's administrator to allow this grant.</source>
      <translation>Vérifiez le secret client, ou demandez à l'administrateur du fournisseur d'autoriser ce grant.</translation>
    </message>
    <message>
      <source>Check the scope in the authentication method.</source>
      <translation>Vérifiez le scope dans l'authentification.</translation>
    </message>
    <message>
      <source>Sign in again and allow the access, or ask for the right to it.</source>
      <translation>Connectez-vous de nouveau et autorisez l'accès, ou demandez-en le droit.</translation>
    </message>
    <message>
      <source>Choose another grant: this provider does not offer this one.</source>
      <translation>Choisissez un autre grant : ce fournisseur n'offre pas celui-ci.</translation>
    </message>
    <message>
      <source>Check the authentication method against what is registered.</source>
      <translation>Comparez l'authentification avec ce qui est enregistré.</translation>
    </message>
    <message>
      <source>redeem the authorization code</source>
      <translation>échanger le code d'autorisation</translation>
    </message>
    <message>
      <source>Check the token endpoint in the authentication method.</source>
      <translation>Vérifiez le point d'accès des jetons dans l'authentification.</translation>
    </message>
    <message>
      <source>the access was denied at {provider}</source>
      <translation>l'accès a été refusé ({provider})</translation>
    </message>
    <message>
      <source>{provider} refused</source>
      <translation>{provider} a refusé</translation>
    </message>
    <message>
      <source>{what}: {words}</source>
      <translation>{what} : {words}</translation>
    </message>
    <message>
      <source>the answer of {provider} breaks the protocol: {cause}</source>
      <translation>la réponse enfreint le protocole ({provider}) : {cause}</translation>
    </message>
    <message>
      <source>renew the token</source>
      <translation>renouveler le jeton</translation>
    </message>
    <message>
      <source>get a token for the client</source>
      <translation>obtenir un jeton pour le client</translation>
    </message>
    <message>
      <source>get a token for the service account</source>
      <translation>obtenir un jeton pour le compte de service</translation>
    </message>
    <message>
      <source>the access token has characters that no header can carry</source>
      <translation>le jeton d'accès contient des caractères qu'aucun en-tête ne peut porter</translation>
    </message>
    <message>
      <source>the token is of type '{kind}', and only bearer tokens are known here</source>
      <translation>le jeton est du genre '{kind}', et seuls les jetons bearer sont connus ici</translation>
    </message>
    <message>
      <source>status {status} with a token</source>
      <translation>statut {status} avec un jeton</translation>
    </message>
    <message>
      <source>status {status} without an access token</source>
      <translation>statut {status} sans jeton d'accès</translation>
    </message>
    <message>
      <source>status {status}, and the body is not that of a token</source>
      <translation>statut {status}, et le contenu n'est pas celui d'un jeton</translation>
    </message>
    <message>
      <source>the sign-in with '{name}' is over, {why}</source>
      <translation>la connexion avec '{name}' est finie, {why}</translation>
    </message>
    <message>
      <source>nobody is signed in with '{name}'</source>
      <translation>personne n'est connecté avec '{name}'</translation>
    </message>
    <message>
      <source>and the provider gave no means to renew it</source>
      <translation>et le fournisseur n'a rien donné pour la renouveler</translation>
    </message>
    <message>
      <source>the provider does not renew it: {words}</source>
      <translation>le fournisseur ne la renouvelle pas : {words}</translation>
    </message>
    <message>
      <source>Weasis knows OAuth 2.0 only, not '{kind}'</source>
      <translation>Weasis ne connaît que OAuth 2.0, pas '{kind}'</translation>
    </message>
    <message>
      <source>Weasis does not know the grant '{grant}'</source>
      <translation>Weasis ne connaît pas le grant '{grant}'</translation>
    </message>
    <message>
      <source>Weasis discovers nothing, and its {missing} is not given</source>
      <translation>Weasis ne demande rien, et ceci n'est pas donné : {missing}</translation>
    </message>
    <message>
      <source>its grant is '{word}'</source>
      <translation>son grant est '{word}'</translation>
    </message>
    <message>
      <source>a method without a name</source>
      <translation>une authentification sans nom</translation>
    </message>
    <message>
      <source>can be opened by {names}</source>
      <translation>peut être ouvert par {names}</translation>
    </message>
    <message>
      <source>Run '{command}'</source>
      <translation>Lancez '{command}'</translation>
    </message>
    <message>
      <source>belongs to {owner}, who can open it</source>
      <translation>appartient à {owner}, qui peut l'ouvrir</translation>
    </message>
    <message>
      <source>Move it elsewhere, and choose a file anew</source>
      <translation>Déplacez-le ailleurs, et choisissez de nouveau un fichier</translation>
    </message>
    <message>
      <source>try the retrieve service</source>
      <translation>essayer le service de récupération</translation>
    </message>
    <message>
      <source>{levels} can be searched; {across}, without the number of instances; a page has {rows} at most</source>
      <translation>{levels} peuvent être recherchées ; {across}, sans le nombre d'instances ; une page en a {rows} au plus</translation>
    </message>
    <message>
      <source>gives {units} at once (a study was too large to be tried), as {forms}; {pictures}</source>
      <translation>donne {units} d'un coup (une étude était trop grande pour l'essai), en {forms} ; {pictures}</translation>
    </message>
    <message>
      <source>answers, but there is nothing to try it with</source>
      <translation>répond, mais il n'y a rien pour l'essayer</translation>
    </message>
    <message>
      <source>answers, but there is nothing to try it with. It gives single instances: studies and series come when a QIDO-RS node, which lists them, is retrieved by it</source>
      <translation>répond, mais il n'y a rien pour l'essayer. Il donne des instances une à une : études et séries viennent quand un nœud QIDO-RS, qui les liste, est récupéré par lui</translation>
    </message>
    <message>
      <source>the server does not offer it: nothing can be stored there</source>
      <translation>le serveur ne l'offre pas : rien ne peut y être stocké</translation>
    </message>
    <message>
      <source>answers; it has no studies, or none that you may see</source>
      <translation>répond ; il n'a pas d'études, ou aucune que vous puissiez voir</translation>
    </message>
    <message>
      <source>studies</source>
      <translation>études</translation>
    </message>
    <message>
      <source>series</source>
      <translation>séries</translation>
    </message>
    <message>
      <source>instances</source>
      <translation>instances</translation>
    </message>
    <message>
      <source>all series</source>
      <translation>toutes les séries</translation>
    </message>
    <message>
      <source>all instances</source>
      <translation>toutes les instances</translation>
    </message>
    <message>
      <source>the instances of a study</source>
      <translation>les instances d'une étude</translation>
    </message>
    <message>
      <source>{across} at once</source>
      <translation>{across} d'un coup</translation>
    </message>
    <message>
      <source>series within their study only</source>
      <translation>séries seulement au sein de leur étude</translation>
    </message>
    <message>
      <source>{levels} can be searched; {across}, with the number of instances; a page has {rows} at most</source>
      <translation>{levels} peuvent être recherchées ; {across}, avec le nombre d'instances ; une page en a {rows} au plus</translation>
    </message>
    <message>
      <source>a study</source>
      <translation>une étude</translation>
    </message>
    <message>
      <source>a series</source>
      <translation>une série</translation>
    </message>
    <message>
      <source>an instance</source>
      <translation>une instance</translation>
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
      <translation>vignettes</translation>
    </message>
    <message>
      <source>rendered pictures</source>
      <translation>images rendues</translation>
    </message>
    <message>
      <source>no pictures</source>
      <translation>pas d'images</translation>
    </message>
    <message>
      <source>gives {units} at once, as {forms}; {pictures}</source>
      <translation>donne {units} d'un coup, en {forms} ; {pictures}</translation>
    </message>
    <message>
      <source>cannot be tried without storing something</source>
      <translation>ne peut pas être essayé sans stocker quelque chose</translation>
    </message>
    <message>
      <source>takes instances (tried with an empty message)</source>
      <translation>prend des instances (essayé avec un message vide)</translation>
    </message>
    <message>
      <source>try WADO-URI</source>
      <translation>essayer WADO-URI</translation>
    </message>
    <message>
      <source>the compressed answer ends in the middle</source>
      <translation>la réponse compressée s'arrête au milieu</translation>
    </message>
    <message>
      <source>the answer cannot be decompressed ({error})</source>
      <translation>la réponse ne peut pas être décompressée ({error})</translation>
    </message>
    <message>
      <source>the answer is compressed with “{coding}”, for which nobody asked</source>
      <translation>la réponse est compressée avec « {coding} », que personne n'a demandé</translation>
    </message>
    <message>
      <source>{name} should be {expected} and is {shown}</source>
      <translation>{name} devrait être {expected} et est {shown}</translation>
    </message>
    <message>
      <source>an object</source>
      <translation>un objet</translation>
    </message>
    <message>
      <source>an array</source>
      <translation>une liste</translation>
    </message>
    <message>
      <source>text</source>
      <translation>du texte</translation>
    </message>
    <message>
      <source>a truth value</source>
      <translation>une valeur booléenne</translation>
    </message>
    <message>
      <source>null</source>
      <translation>null</translation>
    </message>
    <message>
      <source>the number {number}</source>
      <translation>le nombre {number}</translation>
    </message>
    <message>
      <source>the answer is {kind} instead of an array of DICOM JSON objects</source>
      <translation>la réponse est {kind} au lieu d'une liste d'objets DICOM JSON</translation>
    </message>
    <message>
      <source>text in a component group of a person name</source>
      <translation>du texte dans un groupe de composantes d'un nom de personne</translation>
    </message>
    <message>
      <source>an integer</source>
      <translation>un nombre entier</translation>
    </message>
    <message>
      <source>a number</source>
      <translation>un nombre</translation>
    </message>
    <message>
      <source>a person name</source>
      <translation>un nom de personne</translation>
    </message>
    <message>
      <source>text in “BulkDataURI”</source>
      <translation>du texte dans « BulkDataURI »</translation>
    </message>
    <message>
      <source>a UID</source>
      <translation>un UID</translation>
    </message>
    <message>
      <source>an object with “vr” and “Value”</source>
      <translation>un objet avec « vr » et « Value »</translation>
    </message>
    <message>
      <source>an array in “Value”</source>
      <translation>une liste dans « Value »</translation>
    </message>
    <message>
      <source>row {row} of the answer is {kind} instead of a DICOM JSON object</source>
      <translation>la ligne {row} de la réponse est {kind} au lieu d'un objet DICOM JSON</translation>
    </message>
    <message>
      <source>Base64 text in “InlineBinary”</source>
      <translation>du texte Base64 dans « InlineBinary »</translation>
    </message>
    <message>
      <source>an item</source>
      <translation>un élément</translation>
    </message>
    <message>
      <source>it was cancelled</source>
      <translation>cela a été annulé</translation>
    </message>
    <message>
      <source>client certificate</source>
      <translation>certificat client</translation>
    </message>
    <message>
      <source>CA file</source>
      <translation>fichier CA</translation>
    </message>
    <message>
      <source>client key</source>
      <translation>clé client</translation>
    </message>
    <message>
      <source>one of its servers has no URL</source>
      <translation>un de ses serveurs n'a pas d'URL</translation>
    </message>
    <message>
      <source>servers</source>
      <translation>serveurs</translation>
    </message>
    <message>
      <source>{value!r} is not text, a number, a date or a list of them</source>
      <translation>{value!r} n'est ni du texte, ni un nombre, ni une date, ni une liste de ceux-ci</translation>
    </message>
    <message>
      <source>is not understood</source>
      <translation>n'est pas compris</translation>
    </message>
    <message>
      <source>Write it as {example}.</source>
      <translation>Écrivez-le comme {example}.</translation>
    </message>
    <message>
      <source>{attribute} {value!r} {why}</source>
      <translation>{attribute} {value!r} {why}</translation>
    </message>
    <message>
      <source>{attribute} is a sequence</source>
      <translation>{attribute} est une séquence</translation>
    </message>
    <message>
      <source>has a character that cannot be searched for</source>
      <translation>contient un caractère qui ne peut pas être recherché</translation>
    </message>
    <message>
      <source>takes no wildcards</source>
      <translation>n'accepte pas de jokers</translation>
    </message>
    <message>
      <source>Leave it out to match anything.</source>
      <translation>Laissez-le vide pour tout trouver.</translation>
    </message>
    <message>
      <source>is not a number</source>
      <translation>n'est pas un nombre</translation>
    </message>
    <message>
      <source>is not a date and time</source>
      <translation>n'est pas une date avec heure</translation>
    </message>
    <message>
      <source>ends before it begins</source>
      <translation>finit avant de commencer</translation>
    </message>
    <message>
      <source>is not a time of the day</source>
      <translation>n'est pas une heure du jour</translation>
    </message>
    <message>
      <source>Name an attribute in it, such as {attribute}.CodeValue.</source>
      <translation>Nommez un attribut qu'elle contient, comme {attribute}.CodeValue.</translation>
    </message>
    <message>
      <source>is not a day of the calendar</source>
      <translation>n'est pas un jour du calendrier</translation>
    </message>
    <message>
      <source>the answer has no parts: no boundary stands in it</source>
      <translation>la réponse n'a pas de parties : aucune délimitation n'y figure</translation>
    </message>
    <message>
      <source>the answer ends before its closing delimiter, without any whole part</source>
      <translation>la réponse s'arrête avant sa délimitation finale, sans aucune partie entière</translation>
    </message>
    <message>
      <source>the answer ends before its closing delimiter, behind 1 whole part</source>
      <translation>la réponse s'arrête avant sa délimitation finale, après 1 partie entière</translation>
    </message>
    <message>
      <source>the answer ends before its closing delimiter, behind {count} whole parts</source>
      <translation>la réponse s'arrête avant sa délimitation finale, après {count} parties entières</translation>
    </message>
    <message>
      <source>no boundary stands in the first {passed:,} bytes of the answer</source>
      <translation>aucune délimitation dans les {passed:,} premiers octets de la réponse</translation>
    </message>
    <message>
      <source>the head of part {part} is larger than {limit:,} bytes</source>
      <translation>l'en-tête de la partie {part} dépasse {limit:,} octets</translation>
    </message>
    <message>
      <source>Send it again when nobody writes to it.</source>
      <translation>Renvoyez-le quand personne n'y écrit.</translation>
    </message>
    <message>
      <source>{path} changed while it was sent</source>
      <translation>{path} a changé pendant son envoi</translation>
    </message>
    <message>
      <source>{path} cannot be read ({reason})</source>
      <translation>{path} ne peut pas être lu ({reason})</translation>
    </message>
    <message>
      <source>the head of part {part} has a line that is no header field: {text!r}</source>
      <translation>l'en-tête de la partie {part} contient une ligne qui n'est pas un champ : {text!r}</translation>
    </message>
    <message>
      <source>Give a Resource, a text like 'study/series', or what a search has found.</source>
      <translation>Donnez une Resource, un texte comme « étude/série », ou ce qu’une recherche a trouvé.</translation>
    </message>
    <message>
      <source>a value of the type {kind} names no study, series or instance</source>
      <translation>une valeur du type {kind} ne désigne aucune étude, série ou instance</translation>
    </message>
    <message>
      <source>study {uid}</source>
      <translation>étude {uid}</translation>
    </message>
    <message>
      <source>series {uid}</source>
      <translation>série {uid}</translation>
    </message>
    <message>
      <source>instance {uid}</source>
      <translation>instance {uid}</translation>
    </message>
    <message>
      <source>the answer is a document of type &lt;{root}&gt;, not a DICOM data set</source>
      <translation>la réponse est un document du type &lt;{root}&gt;, pas un jeu de données DICOM</translation>
    </message>
    <message>
      <source>the answer nests sequences too deeply</source>
      <translation>la réponse imbrique trop profondément les séquences</translation>
    </message>
    <message>
      <source>the answer {problem}</source>
      <translation>la réponse {problem}</translation>
    </message>
    <message>
      <source>it is no DICOM file: “DICM” does not stand behind its preamble</source>
      <translation>ce n'est pas un fichier DICOM : « DICM » ne suit pas son préambule</translation>
    </message>
    <message>
      <source>its {name} is {uid!r}</source>
      <translation>son {name} est {uid!r}</translation>
    </message>
    <message>
      <source>its deflated data set is damaged</source>
      <translation>son jeu de données compressé est endommagé</translation>
    </message>
    <message>
      <source>one of its UIDs is longer than a kilobyte</source>
      <translation>un de ses UID dépasse un kilo-octet</translation>
    </message>
    <message>
      <source>Type it instead ({label}): it is in the provider's console.</source>
      <translation>Saisissez-le plutôt ({label}) : il est dans la console du fournisseur.</translation>
    </message>
    <message>
      <source>Type it.</source>
      <translation>Saisissez-le.</translation>
    </message>
    <message>
      <source>nobody lists what {label} can be</source>
      <translation>personne ne liste ce qui est possible ici : {label}</translation>
    </message>
    <message>
      <source>{instead} Or ask for the right to list them.</source>
      <translation>{instead} Ou demandez le droit de les lister.</translation>
    </message>
    <message>
      <source>the answer is not a JSON object</source>
      <translation>la réponse n'est pas un objet JSON</translation>
    </message>
    <message>
      <source>the token of the next page is not text</source>
      <translation>le jeton de la page suivante n'est pas du texte</translation>
    </message>
    <message>
      <source>list what {label} can be</source>
      <translation>lister ce qui est possible : {label}</translation>
    </message>
    <message>
      <source>more than {most:,} choices</source>
      <translation>plus de {most:,} choix</translation>
    </message>
    <message>
      <source>the node's {what} {path} is no PEM file</source>
      <translation>indiqué dans le nœud, mais n’est pas un fichier PEM : {what} {path}</translation>
    </message>
    <message>
      <source>the node's {what} {path} is not there</source>
      <translation>indiqué dans le nœud, mais absent : {what} {path}</translation>
    </message>
    <message>
      <source>try what it offers ({offer})</source>
      <translation>essayer ce qu'il offre ({offer})</translation>
    </message>
    <message>
      <source>the instance does not come</source>
      <translation>l'instance ne vient pas</translation>
    </message>
    <message>
      <source>try the store service</source>
      <translation>essayer le service de stockage</translation>
    </message>
    <message>
      <source>Correct the file, or install the extension again.</source>
      <translation>Corrigez le fichier, ou réinstallez l'extension.</translation>
    </message>
    <message>
      <source>the provider profile {path} cannot be used: {why}</source>
      <translation>le profil de fournisseur {path} ne peut pas être utilisé : {why}</translation>
    </message>
    <message>
      <source>there is no provider profile '{name}'</source>
      <translation>il n'y a pas de profil de fournisseur '{name}'</translation>
    </message>
    <message>
      <source>it is not a JSON object</source>
      <translation>ce n'est pas un objet JSON</translation>
    </message>
    <message>
      <source>it has no title</source>
      <translation>il n'a pas de titre</translation>
    </message>
    <message>
      <source>a page of {raw} rows</source>
      <translation>une page de {raw} lignes</translation>
    </message>
    <message>
      <source>it takes no requests</source>
      <translation>il n'accepte aucune requête</translation>
    </message>
    <message>
      <source>it is not JSON: {error}</source>
      <translation>ce n'est pas du JSON : {error}</translation>
    </message>
    <message>
      <source>unknown field '{key}'</source>
      <translation>champ inconnu '{key}'</translation>
    </message>
    <message>
      <source>the field '{key}' is {value!r}</source>
      <translation>le champ '{key}' vaut {value!r}</translation>
    </message>
    <message>
      <source>objects</source>
      <translation>objets</translation>
    </message>
    <message>
      <source>the field '{key}' holds something else than {holds}</source>
      <translation>le champ '{key}' contient autre chose que {holds}</translation>
    </message>
    <message>
      <source>unknown {name} '{value}'</source>
      <translation>inconnu : {name} '{value}'</translation>
    </message>
    <message>
      <source>names are matched as they are written: this server knows no fuzzy matching</source>
      <translation>les noms sont comparés tels qu'ils sont écrits : ce serveur ne connaît pas la recherche approchée</translation>
    </message>
    <message>
      <source>series are looked for study by study, because this server knows no other way</source>
      <translation>les séries sont cherchées étude par étude, car ce serveur ne connaît pas d'autre moyen</translation>
    </message>
    <message>
      <source>instances are looked for series by series, because this server knows no other way</source>
      <translation>les instances sont cherchées série par série, car ce serveur ne connaît pas d'autre moyen</translation>
    </message>
    <message>
      <source>{name} is compared here, because this server cannot: it has to send all that may match</source>
      <translation>{name} est comparé ici, car ce serveur ne le peut pas : il doit envoyer tout ce qui peut convenir</translation>
    </message>
    <message>
      <source>Give the study too, or match on SeriesInstanceUID.</source>
      <translation>Donnez aussi l'étude, ou cherchez par SeriesInstanceUID.</translation>
    </message>
    <message>
      <source>Modality is an attribute of series, not of studies</source>
      <translation>Modality est un attribut des séries, pas des études</translation>
    </message>
    <message>
      <source>Match on ModalitiesInStudy, or search for series.</source>
      <translation>Cherchez par ModalitiesInStudy, ou cherchez des séries.</translation>
    </message>
    <message>
      <source>{name} is {value!r}</source>
      <translation>{name} vaut {value!r}</translation>
    </message>
    <message>
      <source>the series {uid} is given without its study</source>
      <translation>la série {uid} est donnée sans son étude</translation>
    </message>
    <message>
      <source>Give several values as a list.</source>
      <translation>Donnez plusieurs valeurs sous forme de liste.</translation>
    </message>
    <message>
      <source>{level} are not searched for within one of the {within}</source>
      <translation>les {level} ne se cherchent pas au sein des {within}</translation>
    </message>
    <message>
      <source>Give a whole number from {least} on.</source>
      <translation>Donnez un nombre entier à partir de {least}.</translation>
    </message>
    <message>
      <source>{attribute} is asked for twice</source>
      <translation>{attribute} est demandé deux fois</translation>
    </message>
    <message>
      <source>the server redirects in a circle</source>
      <translation>le serveur redirige en rond</translation>
    </message>
    <message>
      <source>Add that host as a node of its own.</source>
      <translation>Ajoutez cet hôte comme nœud à part.</translation>
    </message>
    <message>
      <source>the server redirects to another host ({origin})</source>
      <translation>le serveur redirige vers un autre hôte ({origin})</translation>
    </message>
    <message>
      <source>the server redirects to another host ({origin}), which answered {status}: this node's sign-in is not sent there</source>
      <translation>le serveur renvoie à un autre hôte ({origin}), qui a répondu {status} : la connexion de ce nœud n'y est pas envoyée</translation>
    </message>
    <message>
      <source>the server redirects to an address that is none</source>
      <translation>le serveur redirige vers une adresse qui n'en est pas une</translation>
    </message>
    <message>
      <source>the server redirects to a place that is not safe ({place})</source>
      <translation>le serveur redirige vers un endroit qui n'est pas sûr ({place})</translation>
    </message>
    <message>
      <source>{text!r} has more than the three UIDs study/series/instance</source>
      <translation>{text!r} a plus que les trois UID étude/série/instance</translation>
    </message>
    <message>
      <source>not a URL: its host is not written well</source>
      <translation>pas une URL : son hôte est mal écrit</translation>
    </message>
    <message>
      <source>there is no study in the URL path {names!r}</source>
      <translation>il n'y a pas d'étude dans le chemin d'URL {names!r}</translation>
    </message>
    <message>
      <source>Ask for less, or raise the node's document limit.</source>
      <translation>Demandez moins, ou relevez la limite de document du nœud.</translation>
    </message>
    <message>
      <source>{origin} answered {media_type}, not DICOMweb</source>
      <translation>{origin} a répondu {media_type}, pas du DICOMweb</translation>
    </message>
    <message>
      <source>nested too deeply</source>
      <translation>imbriqué trop profondément</translation>
    </message>
    <message>
      <source>the answer is larger than {limit:,} bytes</source>
      <translation>la réponse dépasse {limit:,} octets</translation>
    </message>
    <message>
      <source>content without a type</source>
      <translation>un contenu sans type</translation>
    </message>
    <message>
      <source>{host} closed the connection after {count:,} bytes</source>
      <translation>{host} a fermé la connexion après {count:,} octets</translation>
    </message>
    <message>
      <source>{told}: “{shown}”</source>
      <translation>{told} : « {shown} »</translation>
    </message>
    <message>
      <source>the answer is not JSON ({reason}): “{shown}”</source>
      <translation>la réponse n'est pas du JSON ({reason}) : « {shown} »</translation>
    </message>
    <message>
      <source>only {arrived} bytes came in {seconds} s</source>
      <translation>seulement {arrived} octets reçus en {seconds} s</translation>
    </message>
    <message>
      <source>only {count} {level} came: the server may have more, but no further page of them; narrow the search</source>
      <translation>seulement {count} {level} reçues : le serveur en a peut-être plus, mais pas d'autre page ; précisez la recherche</translation>
    </message>
    <message>
      <source>search {level}</source>
      <translation>rechercher des {level}</translation>
    </message>
    <message>
      <source>only {count} {level} came: the server has more, but no further page of them (“{said}”); narrow the search</source>
      <translation>seulement {count} {level} reçues : le serveur en a plus, mais pas d'autre page (« {said} ») ; précisez la recherche</translation>
    </message>
    <message>
      <source>the server warns: {said}</source>
      <translation>le serveur avertit : {said}</translation>
    </message>
    <message>
      <source>Check the port in the node's URL; a server with TLS is reached with https://, not http://.</source>
      <translation>Vérifiez le port dans l'URL du nœud ; un serveur avec TLS s'atteint avec https://, pas http://.</translation>
    </message>
    <message>
      <source>it is a DICOMDIR, an index of instances</source>
      <translation>c'est un DICOMDIR, un index d'instances</translation>
    </message>
    <message>
      <source>it is not a DICOM file (PS3.10)</source>
      <translation>ce n'est pas un fichier DICOM (PS3.10)</translation>
    </message>
    <message>
      <source>store {count} instances</source>
      <translation>stocker {count} instances</translation>
    </message>
    <message>
      <source>store {file}</source>
      <translation>stocker {file}</translation>
    </message>
    <message>
      <source>{said} and did not say what it stored</source>
      <translation>{said} et n'a pas dit ce qu'il a stocké</translation>
    </message>
    <message>
      <source>the server knows no such attribute</source>
      <translation>le serveur ne connaît pas cet attribut</translation>
    </message>
    <message>
      <source>an attribute has a value that the server does not take</source>
      <translation>un attribut a une valeur que le serveur n'accepte pas</translation>
    </message>
    <message>
      <source>the server does not take some of the attributes</source>
      <translation>le serveur n'accepte pas certains attributs</translation>
    </message>
    <message>
      <source>the server could not process it</source>
      <translation>le serveur n'a pas pu la traiter</translation>
    </message>
    <message>
      <source>the server has an instance with this UID already</source>
      <translation>le serveur a déjà une instance avec cet UID</translation>
    </message>
    <message>
      <source>the server knows no such instance</source>
      <translation>le serveur ne connaît pas cette instance</translation>
    </message>
    <message>
      <source>a value is not valid</source>
      <translation>une valeur n'est pas valide</translation>
    </message>
    <message>
      <source>a value is out of range</source>
      <translation>une valeur est hors limites</translation>
    </message>
    <message>
      <source>the UID of the instance is not valid</source>
      <translation>l'UID de l'instance n'est pas valide</translation>
    </message>
    <message>
      <source>the server knows no such SOP class</source>
      <translation>le serveur ne connaît pas cette classe SOP</translation>
    </message>
    <message>
      <source>the SOP class is not the one that the server knows the instance by</source>
      <translation>la classe SOP n'est pas celle sous laquelle le serveur connaît l'instance</translation>
    </message>
    <message>
      <source>an attribute is missing</source>
      <translation>un attribut manque</translation>
    </message>
    <message>
      <source>an attribute has no value</source>
      <translation>un attribut n'a pas de valeur</translation>
    </message>
    <message>
      <source>the server does not store this SOP class</source>
      <translation>le serveur ne stocke pas cette classe SOP</translation>
    </message>
    <message>
      <source>you are not authorised to store it</source>
      <translation>vous n'êtes pas autorisé à la stocker</translation>
    </message>
    <message>
      <source>the transaction is already in use</source>
      <translation>la transaction est déjà utilisée</translation>
    </message>
    <message>
      <source>the request came twice</source>
      <translation>la requête est arrivée deux fois</translation>
    </message>
    <message>
      <source>the server does not know this operation</source>
      <translation>le serveur ne connaît pas cette opération</translation>
    </message>
    <message>
      <source>the server does not understand the request</source>
      <translation>le serveur ne comprend pas la requête</translation>
    </message>
    <message>
      <source>the server has not enough resources</source>
      <translation>le serveur n'a pas assez de ressources</translation>
    </message>
    <message>
      <source>the server is out of resources</source>
      <translation>le serveur est à court de ressources</translation>
    </message>
    <message>
      <source>the data set does not match its SOP class</source>
      <translation>le jeu de données ne correspond pas à sa classe SOP</translation>
    </message>
    <message>
      <source>it belongs to another study</source>
      <translation>elle appartient à une autre étude</translation>
    </message>
    <message>
      <source>the server changed attributes of it</source>
      <translation>le serveur en a changé des attributs</translation>
    </message>
    <message>
      <source>the server left attributes out of it</source>
      <translation>le serveur en a omis des attributs</translation>
    </message>
    <message>
      <source>the server has this instance already</source>
      <translation>le serveur a déjà cette instance</translation>
    </message>
    <message>
      <source>somebody else is storing the same instance at this moment</source>
      <translation>quelqu'un d'autre stocke la même instance en ce moment</translation>
    </message>
    <message>
      <source>the server does not understand the data set</source>
      <translation>le serveur ne comprend pas le jeu de données</translation>
    </message>
    <message>
      <source>the server does not store this transfer syntax</source>
      <translation>le serveur ne stocke pas cette syntaxe de transfert</translation>
    </message>
    <message>
      <source>{words} (reason {code}H)</source>
      <translation>{words} (raison {code}H)</translation>
    </message>
    <message>
      <source>the server did not say why</source>
      <translation>le serveur n'a pas dit pourquoi</translation>
    </message>
    <message>
      <source>the server gave a reason that is not in the standard</source>
      <translation>le serveur a donné une raison qui n'est pas dans la norme</translation>
    </message>
    <message>
      <source>the answer is JSON, but not of a data set: {beginning}</source>
      <translation>la réponse est du JSON, mais pas d'un jeu de données : {beginning}</translation>
    </message>
    <message>
      <source>the answer is neither DICOM JSON nor XML: {beginning}</source>
      <translation>la réponse n'est ni du DICOM JSON ni du XML : {beginning}</translation>
    </message>
    <message>
      <source>it had arrived before</source>
      <translation>elle était déjà arrivée</translation>
    </message>
    <message>
      <source>it belongs to another study, {study}</source>
      <translation>elle appartient à une autre étude, {study}</translation>
    </message>
    <message>
      <source>it cannot be read: {reason}</source>
      <translation>elle ne peut pas être lue : {reason}</translation>
    </message>
    <message>
      <source>Write it as in PS3.6, “PatientName”, or as a tag, “00100010”.</source>
      <translation>Écrivez-le comme dans PS3.6, « PatientName », ou comme étiquette, « 00100010 ».</translation>
    </message>
    <message>
      <source>there is no attribute {keyword_or_tag!r}</source>
      <translation>il n'y a pas d'attribut {keyword_or_tag!r}</translation>
    </message>
    <message>
      <source>Did you mean {names}?</source>
      <translation>Vouliez-vous dire {names} ?</translation>
    </message>
    <message>
      <source>there is no number before, between or after its dots</source>
      <translation>il manque un nombre avant, entre ou après ses points</translation>
    </message>
    <message>
      <source>{shown} is not a DICOM UID: {flaw}</source>
      <translation>{shown} n'est pas un UID DICOM : {flaw}</translation>
    </message>
    <message>
      <source>it is not text</source>
      <translation>ce n'est pas du texte</translation>
    </message>
    <message>
      <source>it is empty</source>
      <translation>il est vide</translation>
    </message>
    <message>
      <source>it has {character!r} at position {position}, where only digits and dots may be</source>
      <translation>il a {character!r} à la position {position}, où seuls des chiffres et des points sont permis</translation>
    </message>
    <message>
      <source>it has {length} characters, more than {longest}</source>
      <translation>il a {length} caractères, plus que {longest}</translation>
    </message>
    <message>
      <source>the server lists an instance that cannot be asked for: {problem}</source>
      <translation>le serveur énumère une instance qui ne peut pas être demandée : {problem}</translation>
    </message>
    <message>
      <source>the server lists a study that cannot be asked for: {problem}</source>
      <translation>le serveur énumère une étude qui ne peut pas être demandée : {problem}</translation>
    </message>
    <message>
      <source>the server lists a series that cannot be asked for: {problem}</source>
      <translation>le serveur énumère une série qui ne peut pas être demandée : {problem}</translation>
    </message>
    <message>
      <source>Host</source>
      <translation>Hôte</translation>
    </message>
    <message>
      <source>a host name or address, with or without a port</source>
      <translation>un nom d'hôte ou une adresse, avec ou sans port</translation>
    </message>
    <message>
      <source>Scheme</source>
      <translation>Schéma</translation>
    </message>
    <message>
      <source>http or https</source>
      <translation>http ou https</translation>
    </message>
    <message>
      <source>Path</source>
      <translation>Chemin</translation>
    </message>
    <message>
      <source>a path without slashes around it</source>
      <translation>un chemin sans barres obliques autour</translation>
    </message>
    <message>
      <source>'{url}' does not have the parts {names}</source>
      <translation>'{url}' n'a pas les parties {names}</translation>
    </message>
    <message>
      <source>there is no part '{name}' in this URL</source>
      <translation>il n'y a pas de partie '{name}' dans cette URL</translation>
    </message>
    <message>
      <source>the choices of '{part}' are not found over https with the other parts alone</source>
      <translation>les choix de '{part}' ne se trouvent pas par https avec les seules autres parties</translation>
    </message>
    <message>
      <source>It has {names}.</source>
      <translation>Elle a {names}.</translation>
    </message>
    <message>
      <source>its URL '{url}' does not have the parts {names}, each once</source>
      <translation>son URL '{url}' n'a pas les parties {names}, chacune une fois</translation>
    </message>
    <message>
      <source>a part of its URL is wrong: {problem}</source>
      <translation>une partie de son URL est fausse : {problem}</translation>
    </message>
    <message>
      <source>This looks like the address of something in a service. The URL of a node is what stands in front of /studies: {url}</source>
      <translation>Cela ressemble à l’adresse de quelque chose dans un service. L’URL d’un nœud est ce qui précède /studies : {url}</translation>
    </message>
    <message>
      <source>Orthanc itself is there; its DICOMweb service is usually at {url}</source>
      <translation>Là se trouve Orthanc lui-même ; son service DICOMweb est d’habitude à {url}</translation>
    </message>
    <message>
      <source>This is not the usual URL of {provider}, which looks like {example}</source>
      <translation>Ce n'est pas l'URL habituelle de {provider}, qui ressemble à {example}</translation>
    </message>
    <message>
      <source>read the metadata of {resource}</source>
      <translation>lire les métadonnées : {resource}</translation>
    </message>
    <message>
      <source>the server names a place for bulk data that is not below its studies</source>
      <translation>le serveur nomme pour les données volumineuses un endroit qui n'est pas sous ses études</translation>
    </message>
    <message>
      <source>retrieve bulk data</source>
      <translation>récupérer des données volumineuses</translation>
    </message>
    <message>
      <source>the instance ends in the middle, and nothing else said where it should</source>
      <translation>l'instance s'arrête au milieu, et rien d'autre ne disait où elle devait finir</translation>
    </message>
    <message>
      <source>show {resource}</source>
      <translation>montrer {resource}</translation>
    </message>
    <message>
      <source>retrieve {resource}</source>
      <translation>récupérer {resource}</translation>
    </message>
    <message>
      <source>retrieve frames of {resource}</source>
      <translation>récupérer des images : {resource}</translation>
    </message>
    <message>
      <source>Sign in, then try again.</source>
      <translation>Connectez-vous, puis réessayez.</translation>
    </message>
    <message>
      <source>Start the sign-in again and finish it in the browser.</source>
      <translation>Recommencez la connexion et terminez-la dans le navigateur.</translation>
    </message>
    <message>
      <source>'auth list' shows the authentication methods there are.</source>
      <translation>'auth list' montre les authentifications qu'il y a.</translation>
    </message>
    <message>
      <source>Give these nodes another authentication first.</source>
      <translation>Donnez d'abord une autre authentification à ces nœuds.</translation>
    </message>
    <message>
      <source>Use https in the node's URL, or allow this node to send its credential over plain http.</source>
      <translation>Utilisez https dans l'URL du nœud, ou autorisez-le à envoyer ses identifiants par http sans chiffrement.</translation>
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
      <translation>échec de « {asked} » : {said}</translation>
    </message>
    <message>
      <source>{node}: {said}</source>
      <translation>{node} : {said}</translation>
    </message>
    <message>
      <source>Check the network and the node's URL.</source>
      <translation>Vérifiez le réseau et l'URL du nœud.</translation>
    </message>
    <message>
      <source>Check the host name in the node's URL, and the network (VPN?).</source>
      <translation>Vérifiez le nom d'hôte dans l'URL du nœud, et le réseau (VPN ?).</translation>
    </message>
    <message>
      <source>Check the port in the node's URL and that the server is running.</source>
      <translation>Vérifiez le port dans l'URL du nœud, et que le serveur fonctionne.</translation>
    </message>
    <message>
      <source>Try again; a transfer resumes where it was.</source>
      <translation>Réessayez ; un transfert reprend où il en était.</translation>
    </message>
    <message>
      <source>Try again, or raise the node's timeouts.</source>
      <translation>Réessayez, ou relevez les délais du nœud.</translation>
    </message>
    <message>
      <source>Give the node the CA file of your institution, or correct the host name in its URL.</source>
      <translation>Donnez au nœud le fichier CA de votre établissement, ou corrigez le nom d'hôte dans son URL.</translation>
    </message>
    <message>
      <source>Check the port in the node's URL; a server without TLS is reached with http://, not https://.</source>
      <translation>Vérifiez le port dans l'URL du nœud ; un serveur sans TLS s'atteint avec http://, pas https://.</translation>
    </message>
    <message>
      <source>Check the node's proxy.</source>
      <translation>Vérifiez le proxy du nœud.</translation>
    </message>
    <message>
      <source>Give its user name and password beside the node's proxy; or in the environment, as HTTPS_PROXY=http://NAME:PASSWORD@HOST:PORT (and HTTP_PROXY for http), and start again.</source>
      <translation>Donnez son nom d’utilisateur et son mot de passe à côté du proxy du nœud ; ou dans l’environnement, comme HTTPS_PROXY=http://NOM:MOTDEPASSE@HOTE:PORT (et HTTP_PROXY pour http), puis redémarrez.</translation>
    </message>
    <message>
      <source>Please report this.</source>
      <translation>Veuillez le signaler.</translation>
    </message>
    <message>
      <source>unexpected {kind}: {problem}</source>
      <translation>inattendu : {kind} : {problem}</translation>
    </message>
    <message>
      <source>The server does not offer this; choose another node for it.</source>
      <translation>Le serveur n’offre pas cela ; choisissez un autre nœud pour le faire.</translation>
    </message>
    <message>
      <source>{host}: {reason}</source>
      <translation>{host} : {reason}</translation>
    </message>
    <message>
      <source>the proxy did not connect to {host}: {reason}</source>
      <translation>le proxy ne s'est pas connecté à {host} : {reason}</translation>
    </message>
    <message>
      <source>the proxy on the way to {host} wants a user name and a password, or others</source>
      <translation>le proxy sur le chemin de {host} veut un nom d'utilisateur et un mot de passe, ou d'autres</translation>
    </message>
    <message>
      <source>no secure connection to {host}: {reason}</source>
      <translation>pas de connexion sûre avec {host} : {reason}</translation>
    </message>
    <message>
      <source>{host} sent nothing for too long</source>
      <translation>{host} n'a rien envoyé pendant trop longtemps</translation>
    </message>
    <message>
      <source>{host} closed the connection</source>
      <translation>{host} a fermé la connexion</translation>
    </message>
    <message>
      <source>the answer of {host} cannot be decoded: {reason}</source>
      <translation>la réponse de {host} ne peut pas être décodée : {reason}</translation>
    </message>
    <message>
      <source>the server answered {answer} (“{said}”)</source>
      <translation>le serveur a répondu {answer} (« {said} »)</translation>
    </message>
    <message>
      <source>the server answered {answer}</source>
      <translation>le serveur a répondu {answer}</translation>
    </message>
    <message>
      <source>the proxy on the way to {host} closed the connection</source>
      <translation>le proxy sur le chemin de {host} a fermé la connexion</translation>
    </message>
    <message>
      <source>{host} does not speak TLS, which https needs</source>
      <translation>{host} ne parle pas TLS, dont https a besoin</translation>
    </message>
    <message>
      <source>{host} could not be reached in time</source>
      <translation>{host} n'a pas pu être joint à temps</translation>
    </message>
    <message>
      <source>nothing listens at {host}</source>
      <translation>rien n'écoute à l'adresse {host}</translation>
    </message>
    <message>
      <source>no computer is known as {host}</source>
      <translation>aucun ordinateur n'est connu sous le nom {host}</translation>
    </message>
    <message>
      <source>there is no route to {host}</source>
      <translation>il n'y a pas de route vers {host}</translation>
    </message>
    <message>
      <source>Check the path in the node's URL: a DICOMweb service often lives under /dicom-web or /rs.</source>
      <translation>Vérifiez le chemin dans l'URL du nœud : un service DICOMweb se trouve souvent sous /dicom-web ou /rs.</translation>
    </message>
    <message>
      <source>Check the node's URL, and what was asked for.</source>
      <translation>Vérifiez l'URL du nœud, et ce qui a été demandé.</translation>
    </message>
    <message>
      <source>Sign in, or check the user name, password or token of this node.</source>
      <translation>Connectez-vous, ou vérifiez le nom d'utilisateur, le mot de passe ou le jeton de ce nœud.</translation>
    </message>
    <message>
      <source>Ask the server's administrator for the right to do this.</source>
      <translation>Demandez-en le droit à l'administrateur du serveur.</translation>
    </message>
    <message>
      <source>Check the node's URL and the identifiers.</source>
      <translation>Vérifiez l'URL du nœud et les identifiants.</translation>
    </message>
    <message>
      <source>Choose another transfer syntax in the node's advanced settings.</source>
      <translation>Choisissez une autre syntaxe de transfert dans les réglages avancés du nœud.</translation>
    </message>
    <message>
      <source>Ask the server's administrator to bring it back from the archive.</source>
      <translation>Demandez à l'administrateur du serveur de le ramener de l'archive.</translation>
    </message>
    <message>
      <source>Narrow the search, or send smaller batches.</source>
      <translation>Précisez la recherche, ou envoyez de plus petits lots.</translation>
    </message>
    <message>
      <source>Wait a little and try again; fewer parallel series help.</source>
      <translation>Attendez un peu et réessayez ; moins de séries en parallèle aide.</translation>
    </message>
    <message>
      <source>Try again later; if it stays, the server's log tells its administrator why.</source>
      <translation>Réessayez plus tard ; si cela persiste, le journal du serveur dit pourquoi à son administrateur.</translation>
    </message>
    <message>
      <source>If the server has moved, put the new address into the node's URL.</source>
      <translation>Si le serveur a déménagé, mettez la nouvelle adresse dans l'URL du nœud.</translation>
    </message>
    <message>
      <source>'nodes list' shows the nodes there are.</source>
      <translation>'nodes list' montre les nœuds qu'il y a.</translation>
    </message>
    <message>
      <source>Duplicate it and change the copy.</source>
      <translation>Dupliquez-le et modifiez la copie.</translation>
    </message>
    <message>
      <source>Use a node whose service type offers it.</source>
      <translation>Utilisez un nœud dont le type de service l'offre.</translation>
    </message>
    <message>
      <source>Start it again to resume where it was.</source>
      <translation>Relancez-le pour reprendre où il en était.</translation>
    </message>
    <message>
      <source>Free some space or choose another folder, then start it again: it resumes where it was.</source>
      <translation>Libérez de la place ou choisissez un autre dossier, puis relancez-le : il reprend où il en était.</translation>
    </message>
    <message>
      <source>Choose a folder that you may write to.</source>
      <translation>Choisissez un dossier où vous pouvez écrire.</translation>
    </message>
    <message>
      <source>Start it again: what is there already is not fetched twice.</source>
      <translation>Relancez-le : ce qui est déjà là n'est pas récupéré deux fois.</translation>
    </message>
    <message>
      <source>Try again: the worker starts anew, and a transfer resumes where it was.</source>
      <translation>Réessayez : le processus de travail redémarre, et un transfert reprend où il en était.</translation>
    </message>
    <message>
      <source>the address of a file in the link is none</source>
      <translation>l'adresse d'un fichier du lien n'en est pas une</translation>
    </message>
    <message>
      <source>the link's command {prog} has options that are not known here</source>
      <translation>la commande {prog} du lien a des options qui ne sont pas connues ici</translation>
    </message>
    <message>
      <source>the link is too long</source>
      <translation>le lien est trop long</translation>
    </message>
    <message>
      <source>the link has no command that fetches anything</source>
      <translation>le lien n'a pas de commande qui récupère quelque chose</translation>
    </message>
    <message>
      <source>{names} and {count} more</source>
      <translation>{names} et {count} autres</translation>
    </message>
    <message>
      <source>the link does not say which studies it wants</source>
      <translation>le lien ne dit pas quelles études il veut</translation>
    </message>
    <message>
      <source>a command of the link has a quote without its end</source>
      <translation>une commande du lien a un guillemet sans sa fin</translation>
    </message>
    <message>
      <source>It names files of this computer, which are not opened by a link: {paths}. If you know them, open them with the DICOM module, Import DICOM files.</source>
      <translation>Il nomme des fichiers de cet ordinateur, qu'un lien n'ouvre pas : {paths}. Si vous les connaissez, ouvrez-les avec le module DICOM, Import DICOM files.</translation>
    </message>
    <message>
      <source>It wants the folders beside Weasis's own program; open them with the DICOM module, Import DICOM files.</source>
      <translation>Il veut les dossiers à côté du programme de Weasis ; ouvrez-les avec le module DICOM, Import DICOM files.</translation>
    </message>
    <message>
      <source>It names an archive, which is not unpacked here: {addresses}. Download and unpack it, then open the folder with the DICOM module, Import DICOM files.</source>
      <translation>Il nomme une archive, qui n'est pas décompressée ici : {addresses}. Téléchargez-la, décompressez-la, puis ouvrez le dossier avec le module DICOM, Import DICOM files.</translation>
    </message>
    <message>
      <source>the manifest in the link is not Base64</source>
      <translation>le manifeste du lien n'est pas du Base64</translation>
    </message>
    <message>
      <source>It has additional parameters, which DICOMweb does not know; they are not sent.</source>
      <translation>Il a des paramètres supplémentaires, que DICOMweb ne connaît pas ; ils ne sont pas envoyés.</translation>
    </message>
    <message>
      <source>It names a sign-in of Weasis; the one of the node is used.</source>
      <translation>Il nomme une connexion de Weasis ; celle du nœud est utilisée.</translation>
    </message>
    <message>
      <source>a header of the link has no value</source>
      <translation>un en-tête du lien n'a pas de valeur</translation>
    </message>
    <message>
      <source>a header of the link cannot be sent: {cause}</source>
      <translation>un en-tête du lien ne peut pas être envoyé : {cause}</translation>
    </message>
    <message>
      <source>the server has none of what the manifest asks for</source>
      <translation>le serveur n'a rien de ce que le manifeste demande</translation>
    </message>
    <message>
      <source>{file} does not say to which study it belongs</source>
      <translation>{file} ne dit pas à quelle étude il appartient</translation>
    </message>
    <message>
      <source>open the manifest at {origin}</source>
      <translation>ouvrir le manifeste sur {origin}</translation>
    </message>
    <message>
      <source>the link names nothing to fetch from a server</source>
      <translation>le lien ne nomme rien à récupérer d'un serveur</translation>
    </message>
    <message>
      <source>there is no manifest or link</source>
      <translation>il n’y a ni manifeste ni lien</translation>
    </message>
    <message>
      <source>Give a file, an address or a link.</source>
      <translation>Donnez un fichier, une adresse ou un lien.</translation>
    </message>
    <message>
      <source>the link names a manifest that is not on a web server</source>
      <translation>le lien nomme un manifeste qui n'est pas sur un serveur web</translation>
    </message>
    <message>
      <source>Check the path.</source>
      <translation>Vérifiez le chemin.</translation>
    </message>
    <message>
      <source>cannot read {path}: {reason}</source>
      <translation>lecture impossible de {path} : {reason}</translation>
    </message>
    <message>
      <source>the manifest is larger than {size} MB</source>
      <translation>le manifeste dépasse {size} Mo</translation>
    </message>
    <message>
      <source>It wants to replace attributes of the instances; they are kept as the server has them.</source>
      <translation>Il veut remplacer des attributs des instances ; ils restent tels que le serveur les a.</translation>
    </message>
    <message>
      <source>the manifest names nothing to fetch</source>
      <translation>le manifeste ne nomme rien à récupérer</translation>
    </message>
    <message>
      <source>a file in it has no valid address</source>
      <translation>un fichier qu'il nomme n'a pas d'adresse valide</translation>
    </message>
    <message>
      <source>its additional parameters are no query</source>
      <translation>ses paramètres supplémentaires ne sont pas une requête</translation>
    </message>
    <message>
      <source>It says: {words}</source>
      <translation>Il dit : {words}</translation>
    </message>
    <message>
      <source>a file in it is not below {root}</source>
      <translation>un fichier qu'il nomme n'est pas sous {root}</translation>
    </message>
    <message>
      <source>its root is “{root}”, not “manifest”</source>
      <translation>sa racine est « {root} », pas « manifest »</translation>
    </message>
    <message>
      <source>the manifest cannot be used: {cause}</source>
      <translation>le manifeste ne peut pas être utilisé : {cause}</translation>
    </message>
    <message>
      <source>{count} of its series name no instances, which WADO-URI needs.</source>
      <translation>{count} de ses séries ne nomment pas d'instances, dont WADO-URI a besoin.</translation>
    </message>
    <message>
      <source>the manifest names more than {most:,} instances</source>
      <translation>le manifeste nomme plus de {most:,} instances</translation>
    </message>
    <message>
      <source>its login is not Base64</source>
      <translation>son identifiant n'est pas du Base64</translation>
    </message>
    <message>
      <source>A header of it is not sent: {cause}.</source>
      <translation>Un de ses en-têtes n'est pas envoyé : {cause}.</translation>
    </message>
    <message>
      <source>{host} is asked over plain http: what comes from there can be read and changed on the way.</source>
      <translation>{host} est interrogé par http sans chiffrement : ce qui en vient peut être lu et modifié en chemin.</translation>
    </message>
    <message>
      <source>Ask for a manifest with https, or allow it for this time.</source>
      <translation>Demandez un manifeste avec https, ou autorisez-le pour cette fois.</translation>
    </message>
    <message>
      <source>its sign-in for {url} would travel over plain http: everybody on the way could read it</source>
      <translation>sa connexion pour {url} passerait par http sans chiffrement : chacun sur le chemin pourrait la lire</translation>
    </message>
    <message>
      <source>Its own sign-in is not used: the node “{node}” has one.</source>
      <translation>Sa propre connexion n'est pas utilisée : le nœud « {node} » en a une.</translation>
    </message>
    <message>
      <source>the JSON is no manifest</source>
      <translation>le JSON n'est pas un manifeste</translation>
    </message>
    <message>
      <source>the manifest is nested too deeply</source>
      <translation>le manifeste est imbriqué trop profondément</translation>
    </message>
    <message>
      <source>the manifest's gzip data is damaged</source>
      <translation>les données gzip du manifeste sont endommagées</translation>
    </message>
    <message>
      <source>the manifest is not JSON</source>
      <translation>le manifeste n'est pas du JSON</translation>
    </message>
    <message>
      <source>the manifest {problem}</source>
      <translation>le manifeste {problem}</translation>
    </message>
    <message>
      <source>the manifest ends in the middle of its gzip data</source>
      <translation>le manifeste s'arrête au milieu de ses données gzip</translation>
    </message>
    <message>
      <source>the manifest unpacks to more than {size} MB</source>
      <translation>le manifeste décompressé dépasse {size} Mo</translation>
    </message>
    <message>
      <source>a header has not both a name and a value</source>
      <translation>un en-tête n'a pas à la fois un nom et une valeur</translation>
    </message>
    <message>
      <source>a node is a JSON object, and this is {raw!r}</source>
      <translation>un nœud est un objet JSON, et ceci est {raw!r}</translation>
    </message>
    <message>
      <source>{field_name} is {value!r}</source>
      <translation>{field_name} vaut {value!r}</translation>
    </message>
    <message>
      <source>the node has no {name}</source>
      <translation>il manque au nœud : {name}</translation>
    </message>
    <message>
      <source>another node before it has its name or its uid</source>
      <translation>un nœud avant lui a son nom ou son uid</translation>
    </message>
    <message>
      <source>a node needs a name</source>
      <translation>un nœud a besoin d'un nom</translation>
    </message>
    <message>
      <source>Give it one that tells you the server.</source>
      <translation>Donnez-lui-en un qui vous dit le serveur.</translation>
    </message>
    <message>
      <source>letters, digits, '.', '_' and '-'</source>
      <translation>des lettres, des chiffres, '.', '_' et '-'</translation>
    </message>
    <message>
      <source>{field_name} is {value!r}, not text</source>
      <translation>{field_name} vaut {value!r}, pas du texte</translation>
    </message>
    <message>
      <source>{field_name} {value!r} has a control character inside</source>
      <translation>{field_name} {value!r} contient un caractère de contrôle</translation>
    </message>
    <message>
      <source>{field_name} is {value!r}, not a number of seconds</source>
      <translation>{field_name} vaut {value!r}, pas un nombre de secondes</translation>
    </message>
    <message>
      <source>{field_name} is {value!r} seconds</source>
      <translation>{field_name} vaut {value!r} secondes</translation>
    </message>
    <message>
      <source>rows, or none for the provider's</source>
      <translation>lignes, ou rien pour celles du fournisseur</translation>
    </message>
    <message>
      <source>It holds {holds}.</source>
      <translation>Il contient {holds}.</translation>
    </message>
    <message>
      <source>Give more than 0 and at most {most}.</source>
      <translation>Donnez plus de 0 et au plus {most}.</translation>
    </message>
    <message>
      <source>Give a whole number from 1 to {most}: {unit}.</source>
      <translation>Donnez un nombre entier de 1 à {most} : {unit}.</translation>
    </message>
    <message>
      <source>it comes from the node's URL</source>
      <translation>il vient de l'URL du nœud</translation>
    </message>
    <message>
      <source>it is computed for each request</source>
      <translation>il est calculé pour chaque requête</translation>
    </message>
    <message>
      <source>it belongs to a single connection (RFC 9110 section 7.6.1)</source>
      <translation>il appartient à une seule connexion (RFC 9110, section 7.6.1)</translation>
    </message>
    <message>
      <source>a header has no name</source>
      <translation>un en-tête n'a pas de nom</translation>
    </message>
    <message>
      <source>A name holds letters, digits and hyphens; the value goes apart.</source>
      <translation>Un nom se compose de lettres, de chiffres et de tirets ; la valeur va à part.</translation>
    </message>
    <message>
      <source>Remove it.</source>
      <translation>Enlevez-le.</translation>
    </message>
    <message>
      <source>Remove line breaks, control characters and characters beyond Latin-1.</source>
      <translation>Enlevez les sauts de ligne, les caractères de contrôle et ceux au-delà de Latin-1.</translation>
    </message>
    <message>
      <source>Put both values into one, separated by a comma.</source>
      <translation>Mettez les deux valeurs dans un seul, séparées par une virgule.</translation>
    </message>
    <message>
      <source>'{start}' is followed by {wrong!r}</source>
      <translation>'{start}' est suivi de {wrong!r}</translation>
    </message>
    <message>
      <source>a name begins with {wrong!r}</source>
      <translation>un nom commence par {wrong!r}</translation>
    </message>
    <message>
      <source>not the name of a header: {shown}</source>
      <translation>pas le nom d'un en-tête : {shown}</translation>
    </message>
    <message>
      <source>the header '{name}' cannot be configured: {reason}</source>
      <translation>l'en-tête '{name}' ne peut pas être configuré : {reason}</translation>
    </message>
    <message>
      <source>the value of the header '{name}' is not text</source>
      <translation>la valeur de l'en-tête '{name}' n'est pas du texte</translation>
    </message>
    <message>
      <source>the value of the header '{name}' has the character {character!r} at position {position}, which HTTP does not carry</source>
      <translation>la valeur de l'en-tête '{name}' a le caractère {character!r} à la position {position}, que HTTP ne transporte pas</translation>
    </message>
    <message>
      <source>the header '{name}' is given twice</source>
      <translation>l'en-tête '{name}' est donné deux fois</translation>
    </message>
    <message>
      <source>there is no file {path}</source>
      <translation>il n'y a pas de fichier {path}</translation>
    </message>
    <message>
      <source>Choose a file to which DICOMWebNodes or Weasis has exported nodes.</source>
      <translation>Choisissez un fichier dans lequel DICOMWebNodes ou Weasis a exporté des nœuds.</translation>
    </message>
    <message>
      <source>its root is &lt;{tag}&gt;</source>
      <translation>sa racine est &lt;{tag}&gt;</translation>
    </message>
    <message>
      <source>{path} cannot be imported: {cause}</source>
      <translation>{path} ne peut pas être importé : {cause}</translation>
    </message>
    <message>
      <source>it {problem}</source>
      <translation>il {problem}</translation>
    </message>
    <message>
      <source>it is here already, as '{twin}'</source>
      <translation>il est déjà ici, sous le nom '{twin}'</translation>
    </message>
    <message>
      <source>a node without a name</source>
      <translation>un nœud sans nom</translation>
    </message>
    <message>
      <source>Choose one that can retrieve.</source>
      <translation>Choisissez-en un qui peut récupérer.</translation>
    </message>
    <message>
      <source>Correct it there, or use the version that wrote it.</source>
      <translation>Corrigez-le là, ou utilisez la version qui l'a écrit.</translation>
    </message>
    <message>
      <source>there is no node '{name_or_uid}'</source>
      <translation>il n'y a pas de nœud '{name_or_uid}'</translation>
    </message>
    <message>
      <source>its retrieve partner, the node with the uid '{uid}', does not exist</source>
      <translation>son partenaire de récupération, le nœud avec l'uid '{uid}', n'existe pas</translation>
    </message>
    <message>
      <source>it is in the file of nodes but cannot be used: {reason}</source>
      <translation>il est dans le fichier des nœuds mais ne peut pas être utilisé : {reason}</translation>
    </message>
    <message>
      <source>there is a node with the uid '{uid}' already</source>
      <translation>il y a déjà un nœud avec l'uid '{uid}'</translation>
    </message>
    <message>
      <source>'{name}' is predefined and cannot be changed</source>
      <translation>'{name}' est prédéfini et ne peut pas être modifié</translation>
    </message>
    <message>
      <source>there is a node named '{node}' already</source>
      <translation>il y a déjà un nœud nommé '{node}'</translation>
    </message>
    <message>
      <source>its retrieve partner '{partner}' is of type '{type}'</source>
      <translation>son partenaire de récupération '{partner}' est du type '{type}'</translation>
    </message>
    <message>
      <source>'{node}' retrieves what '{name}' finds</source>
      <translation>'{node}' récupère ce que '{name}' trouve</translation>
    </message>
    <message>
      <source>Give '{name}' another retrieve partner first.</source>
      <translation>Donnez d'abord à '{name}' un autre partenaire de récupération.</translation>
    </message>
    <message>
      <source>there is a user name for a proxy, and no proxy</source>
      <translation>il y a un nom d’utilisateur pour un proxy, et pas de proxy</translation>
    </message>
    <message>
      <source>Give the proxy's host and port: its password is told to no other one.</source>
      <translation>Donnez l’hôte et le port du proxy : son mot de passe n’est dit à aucun autre.</translation>
    </message>
    <message>
      <source>the uid of another node</source>
      <translation>l'uid d'un autre nœud</translation>
    </message>
    <message>
      <source>Only a QIDO-RS node has one: what it finds, another node retrieves.</source>
      <translation>Seul un nœud QIDO-RS en a un : ce qu'il trouve, un autre nœud le récupère.</translation>
    </message>
    <message>
      <source>the node is its own retrieve partner</source>
      <translation>le nœud est son propre partenaire de récupération</translation>
    </message>
    <message>
      <source>megabytes</source>
      <translation>mégaoctets</translation>
    </message>
    <message>
      <source>small letters, digits and '-'</source>
      <translation>des minuscules, des chiffres et '-'</translation>
    </message>
    <message>
      <source>a UID, or '*' for as stored</source>
      <translation>un UID, ou '*' pour tel que stocké</translation>
    </message>
    <message>
      <source>tls is {tls!r}, not TLS settings</source>
      <translation>tls vaut {tls!r}, pas des réglages TLS</translation>
    </message>
    <message>
      <source>secret_headers is {secret_headers!r}, no list of names</source>
      <translation>secret_headers vaut {secret_headers!r}, pas une liste de noms</translation>
    </message>
    <message>
      <source>the user name '{user}' has a colon (RFC 7617 section 2)</source>
      <translation>le nom d’utilisateur '{user}' contient un deux-points (RFC 7617, section 2)</translation>
    </message>
    <message>
      <source>{service_type!r} is not a service type</source>
      <translation>{service_type!r} n'est pas un type de service</translation>
    </message>
    <message>
      <source>a node of type '{type}' has a retrieve partner</source>
      <translation>un nœud du type '{type}' a un partenaire de récupération</translation>
    </message>
    <message>
      <source>{path} cannot be used: {cause}</source>
      <translation>{path} ne peut pas être utilisé : {cause}</translation>
    </message>
    <message>
      <source>the node '{name}' in {path} is wrong: {reason}</source>
      <translation>le nœud '{name}' dans {path} est faux : {reason}</translation>
    </message>
    <message>
      <source>a node of type “{type}” cannot retrieve</source>
      <translation>un nœud du type « {type} » ne peut pas récupérer</translation>
    </message>
    <message>
      <source>a node of type “{type}” cannot search</source>
      <translation>un nœud du type « {type} » ne peut pas rechercher</translation>
    </message>
    <message>
      <source>a node of type “{type}” cannot store</source>
      <translation>un nœud du type « {type} » ne peut pas stocker</translation>
    </message>
    <message>
      <source>Edit the node and choose the node that retrieves what this one finds.</source>
      <translation>Modifiez le nœud et choisissez le nœud qui récupère ce que celui-ci trouve.</translation>
    </message>
    <message>
      <source>'{text}' is not a service type</source>
      <translation>'{text}' n'est pas un type de service</translation>
    </message>
    <message>
      <source>Import it with those: 'nodes import', or the window.</source>
      <translation>Importez-le avec celles-ci : 'nodes import', ou dans la fenêtre.</translation>
    </message>
    <message>
      <source>nodes</source>
      <translation>nœuds</translation>
    </message>
    <message>
      <source>{path} holds authentication methods</source>
      <translation>{path} contient des authentifications</translation>
    </message>
    <message>
      <source>Give the certificate that belongs to the key.</source>
      <translation>Donnez le certificat qui va avec la clé.</translation>
    </message>
    <message>
      <source>there is a client key, '{client_key}', and no client certificate</source>
      <translation>il y a une clé client, '{client_key}', et pas de certificat client</translation>
    </message>
    <message>
      <source>a URL of {length} characters, more than {limit}</source>
      <translation>une URL de {length} caractères, plus que {limit}</translation>
    </message>
    <message>
      <source>Give the base URL of the service.</source>
      <translation>Donnez l'URL de base du service.</translation>
    </message>
    <message>
      <source>'{shown}' is followed by a query or a fragment</source>
      <translation>'{shown}' est suivi d'une requête ou d'un fragment</translation>
    </message>
    <message>
      <source>Give the URL up to the '?' or '#'.</source>
      <translation>Donnez l'URL jusqu'au '?' ou '#'.</translation>
    </message>
    <message>
      <source>'{shown}' has '.' or '..' in its path</source>
      <translation>'{shown}' a '.' ou '..' dans son chemin</translation>
    </message>
    <message>
      <source>Write the path in full.</source>
      <translation>Écrivez le chemin en entier.</translation>
    </message>
    <message>
      <source>'{shown}' has a '%' without two hexadecimal digits behind it</source>
      <translation>'{shown}' a un '%' sans deux chiffres hexadécimaux derrière</translation>
    </message>
    <message>
      <source>Write a plain '%' as '%25'.</source>
      <translation>Écrivez un '%' simple comme '%25'.</translation>
    </message>
    <message>
      <source>there is no URL</source>
      <translation>il n'y a pas d'URL</translation>
    </message>
    <message>
      <source>Give one like 'https://host/dicom-web'.</source>
      <translation>Donnez-en une comme 'https://host/dicom-web'.</translation>
    </message>
    <message>
      <source>a URL with a space, a backslash or a control character inside</source>
      <translation>une URL avec une espace, une barre oblique inverse ou un caractère de contrôle</translation>
    </message>
    <message>
      <source>Write a space as '%20', and '/' for a backslash.</source>
      <translation>Écrivez une espace comme '%20', et '/' pour une barre oblique inverse.</translation>
    </message>
    <message>
      <source>'{url}' is not an http or https URL</source>
      <translation>'{url}' n'est pas une URL http ou https</translation>
    </message>
    <message>
      <source>Give one like 'https://host:8042/dicom-web'.</source>
      <translation>Donnez-en une comme 'https://host:8042/dicom-web'.</translation>
    </message>
    <message>
      <source>'{url}' has a user name or password in front of the host, and a URL is shown, logged and shared</source>
      <translation>'{url}' a un nom d'utilisateur ou un mot de passe devant l'hôte, et une URL est montrée, journalisée et partagée</translation>
    </message>
    <message>
      <source>Leave it out and choose an authentication for the node.</source>
      <translation>Laissez-le de côté et choisissez une authentification pour le nœud.</translation>
    </message>
    <message>
      <source>'{shown}' has no valid host name</source>
      <translation>'{shown}' n'a pas de nom d'hôte valide</translation>
    </message>
    <message>
      <source>the port in '{shown}' is not a number from 1 to 65535</source>
      <translation>le port dans '{shown}' n'est pas un nombre de 1 à 65535</translation>
    </message>
    <message>
      <source>Check what follows the colon.</source>
      <translation>Vérifiez ce qui suit le deux-points.</translation>
    </message>
    <message>
      <source>'{url}' has a path, which a proxy has not</source>
      <translation>'{url}' a un chemin, ce qu'un proxy n'a pas</translation>
    </message>
    <message>
      <source>Give host and port only.</source>
      <translation>Donnez seulement l'hôte et le port.</translation>
    </message>
    <message>
      <source>Give one like 'https://host/path'.</source>
      <translation>Donnez-en une comme 'https://host/path'.</translation>
    </message>
    <message>
      <source>the host in '{shown}' is not a name that the internet knows</source>
      <translation>l'hôte dans '{shown}' n'est pas un nom que l'internet connaît</translation>
    </message>
    <message>
      <source>Check its spelling.</source>
      <translation>Vérifiez l'orthographe.</translation>
    </message>
    <message>
      <source>'{shown}' has no valid IPv6 address</source>
      <translation>'{shown}' n'a pas d'adresse IPv6 valide</translation>
    </message>
    <message>
      <source>Write it like 'http://[::1]:8042'.</source>
      <translation>Écrivez-la comme 'http://[::1]:8042'.</translation>
    </message>
    <message>
      <source>it is of type '{type}', which is not DICOMweb</source>
      <translation>il est du type '{type}', qui n'est pas DICOMweb</translation>
    </message>
    <message>
      <source>it extends “{name}”, which is in another file of Weasis: its URL is there</source>
      <translation>il étend « {name} », qui est dans un autre fichier de Weasis : son URL est là</translation>
    </message>
    <message>
      <source>its webtype is '{web_type}'</source>
      <translation>son webtype est '{web_type}'</translation>
    </message>
    <message>
      <source>its headers are not lines of text in Base64</source>
      <translation>ses en-têtes ne sont pas des lignes de texte en Base64</translation>
    </message>
    <message>
      <source>one of its entries is no JSON object</source>
      <translation>une de ses entrées n'est pas un objet JSON</translation>
    </message>
    <message>
      <source>more than {size} MB of it would have to be fetched</source>
      <translation>plus de {size} Mo devraient en être récupérés</translation>
    </message>
    <message>
      <source>pillow, or {packages}</source>
      <translation>pillow, ou {packages}</translation>
    </message>
    <message>
      <source>its pixels are compressed with {syntax}, and no decoder here can read them</source>
      <translation>ses pixels sont compressés avec {syntax}, et aucun décodeur ici ne peut les lire</translation>
    </message>
    <message>
      <source>it is a video ({syntax})</source>
      <translation>c'est une vidéo ({syntax})</translation>
    </message>
    <message>
      <source>Install {packages} into Slicer's Python to see it.</source>
      <translation>Installez {packages} dans le Python de Slicer pour la voir.</translation>
    </message>
    <message>
      <source>it has no pixels</source>
      <translation>elle n'a pas de pixels</translation>
    </message>
    <message>
      <source>its transfer syntax is not given</source>
      <translation>sa syntaxe de transfert n'est pas donnée</translation>
    </message>
    <message>
      <source>it ends in the middle of its pixels</source>
      <translation>elle s'arrête au milieu de ses pixels</translation>
    </message>
    <message>
      <source>it is no DICOM file</source>
      <translation>ce n'est pas un fichier DICOM</translation>
    </message>
    <message>
      <source>it is larger than {size} MB</source>
      <translation>elle dépasse {size} Mo</translation>
    </message>
    <message>
      <source>{columns} by {rows} pixels are too many for a preview</source>
      <translation>{columns} sur {rows} pixels sont trop pour un aperçu</translation>
    </message>
    <message>
      <source>its JPEG 2000 image has no codestream</source>
      <translation>son image JPEG 2000 n'a pas de flux de code</translation>
    </message>
    <message>
      <source>audio</source>
      <translation>du son</translation>
    </message>
    <message>
      <source>a document</source>
      <translation>un document</translation>
    </message>
    <message>
      <source>an ECG</source>
      <translation>un ECG</translation>
    </message>
    <message>
      <source>an electrophysiology recording</source>
      <translation>un enregistrement d'électrophysiologie</translation>
    </message>
    <message>
      <source>fiducials</source>
      <translation>des repères</translation>
    </message>
    <message>
      <source>a haemodynamic waveform</source>
      <translation>une courbe hémodynamique</translation>
    </message>
    <message>
      <source>a key object selection</source>
      <translation>une sélection d'objets clés</translation>
    </message>
    <message>
      <source>a plan</source>
      <translation>un plan</translation>
    </message>
    <message>
      <source>a presentation state</source>
      <translation>un état de présentation</translation>
    </message>
    <message>
      <source>a registration</source>
      <translation>un recalage</translation>
    </message>
    <message>
      <source>a radiotherapy plan</source>
      <translation>un plan de radiothérapie</translation>
    </message>
    <message>
      <source>a radiotherapy treatment record</source>
      <translation>un compte rendu de radiothérapie</translation>
    </message>
    <message>
      <source>a radiotherapy structure set</source>
      <translation>des structures de radiothérapie</translation>
    </message>
    <message>
      <source>a real world value mapping</source>
      <translation>une correspondance de valeurs réelles</translation>
    </message>
    <message>
      <source>a segmentation</source>
      <translation>une segmentation</translation>
    </message>
    <message>
      <source>a stereometric relationship</source>
      <translation>une relation stéréométrique</translation>
    </message>
    <message>
      <source>a structured report</source>
      <translation>un rapport structuré</translation>
    </message>
    <message>
      <source>a texture map</source>
      <translation>une texture</translation>
    </message>
    <message>
      <source>it is {what}, not an image</source>
      <translation>c'est {what}, pas une image</translation>
    </message>
    <message>
      <source>Install it to see previews.</source>
      <translation>Installez-le pour voir des aperçus.</translation>
    </message>
    <message>
      <source>the Python package {package} is not installed</source>
      <translation>le paquet Python {package} n'est pas installé</translation>
    </message>
    <message>
      <source>its pixels cannot be read ({error})</source>
      <translation>ses pixels ne peuvent pas être lus ({error})</translation>
    </message>
    <message>
      <source>the server has no instance of {resource}</source>
      <translation>le serveur n'a aucune instance de {resource}</translation>
    </message>
    <message>
      <source>the server has no picture of {resource}</source>
      <translation>le serveur n'en a pas d'image : {resource}</translation>
    </message>
    <message>
      <source>its pixels are “{photometric}”, which is not known here</source>
      <translation>ses pixels sont « {photometric} », ce qui n'est pas connu ici</translation>
    </message>
    <message>
      <source>its pixels are “{photometric}”, which is retired</source>
      <translation>ses pixels sont « {photometric} », ce qui est retiré</translation>
    </message>
    <message>
      <source>Correct HTTP_PROXY, HTTPS_PROXY or ALL_PROXY in the environment, as http://HOST:PORT, and start again.</source>
      <translation>Corrigez HTTP_PROXY, HTTPS_PROXY ou ALL_PROXY dans l'environnement, sous la forme http://HOST:PORT, puis redémarrez.</translation>
    </message>
    <message>
      <source>the environment names a SOCKS proxy, for which the Python package PySocks is missing</source>
      <translation>l'environnement désigne un proxy SOCKS, pour lequel il manque le paquet Python PySocks</translation>
    </message>
    <message>
      <source>what the environment names as the proxy is no address</source>
      <translation>ce que l'environnement désigne comme proxy n'est pas une adresse</translation>
    </message>
    <message>
      <source>a file for Weasis is written without secrets</source>
      <translation>un fichier pour Weasis s'écrit sans secrets</translation>
    </message>
    <message>
      <source>Leave the option out.</source>
      <translation>Laissez l'option de côté.</translation>
    </message>
    <message>
      <source>the format is {format!r}</source>
      <translation>le format est {format!r}</translation>
    </message>
    <message>
      <source>there is no place that keeps secrets</source>
      <translation>il n'y a pas d'endroit qui garde les secrets</translation>
    </message>
    <message>
      <source>Install keyring, choose a file with 'auth secrets --file', or import without secrets.</source>
      <translation>Installez keyring, choisissez un fichier avec 'auth secrets --file', ou importez sans secrets.</translation>
    </message>
    <message>
      <source>Import it without --with-secrets.</source>
      <translation>Importez-le sans --with-secrets.</translation>
    </message>
    <message>
      <source>{path} is not a file of Weasis</source>
      <translation>{path} n'est pas un fichier de Weasis</translation>
    </message>
    <message>
      <source>Free some space, then try again; what was there before is untouched.</source>
      <translation>Libérez de la place, puis réessayez ; ce qui était là avant est intact.</translation>
    </message>
    <message>
      <source>Close the other Slicer or command line that is changing the settings, then try again.</source>
      <translation>Fermez l'autre Slicer ou la ligne de commande qui change les réglages, puis réessayez.</translation>
    </message>
    <message>
      <source>another program has held {path} for {timeout} s</source>
      <translation>un autre programme tient {path} depuis {timeout} s</translation>
    </message>
    <message>
      <source>cannot lock {path}: {reason}</source>
      <translation>verrouillage impossible de {path} : {reason}</translation>
    </message>
    <message>
      <source>cannot write {path}: {reason}</source>
      <translation>écriture impossible de {path} : {reason}</translation>
    </message>
    <message>
      <source>cannot set aside {path}: {reason}</source>
      <translation>mise de côté impossible de {path} : {reason}</translation>
    </message>
    <message>
      <source>The file of {holds} was damaged: {reason}. It is kept as {path}; the list starts anew.</source>
      <translation>Un fichier était endommagé ({holds}) : {reason}. Il est gardé sous {path} ; la liste recommence à zéro.</translation>
    </message>
    <message>
      <source>its JSON is nested too deeply</source>
      <translation>son JSON est imbriqué trop profondément</translation>
    </message>
    <message>
      <source>its JSON has a number that is too long</source>
      <translation>son JSON a un nombre trop long</translation>
    </message>
    <message>
      <source>it is not a file of {member}: it has no "format": "{format_name}"</source>
      <translation>ce n'est pas un fichier de {member} : il n'a pas "format": "{format_name}"</translation>
    </message>
    <message>
      <source>its version is {version!r}</source>
      <translation>sa version est {version!r}</translation>
    </message>
    <message>
      <source>it has no list of "{member}"</source>
      <translation>il n'a pas de liste "{member}"</translation>
    </message>
    <message>
      <source>it is not UTF-8 text (byte {position})</source>
      <translation>ce n'est pas du texte UTF-8 (octet {position})</translation>
    </message>
    <message>
      <source>it is not JSON: {problem} in line {line}</source>
      <translation>ce n'est pas du JSON : {problem} à la ligne {line}</translation>
    </message>
    <message>
      <source>{words}, {word}</source>
      <translation>{words}, {word}</translation>
    </message>
    <message>
      <source>{words} and {last}</source>
      <translation>{words} et {last}</translation>
    </message>
    <message>
      <source>{said}; {more}</source>
      <translation>{said} ; {more}</translation>
    </message>
    <message>
      <source>{said} {more}</source>
      <translation>{said} {more}</translation>
    </message>
    <message>
      <source>give the node the service type “DICOMweb (all RESTful services)” and the address that can be searched, or add a QIDO-RS node whose results this one retrieves</source>
      <translation>donnez au nœud le type de service « DICOMweb (all RESTful services) » et l'adresse où l'on peut rechercher, ou ajoutez un nœud QIDO-RS dont celui-ci récupère les résultats</translation>
    </message>
    <message>
      <source>the server does not list the instances of {what} ({causes}): {remedy}</source>
      <translation>le serveur ne liste pas les instances, {what} ({causes}) : {remedy}</translation>
    </message>
    <message>
      <source>Check the identifiers, and that this node is the right server.</source>
      <translation>Vérifiez les identifiants, et que ce nœud est le bon serveur.</translation>
    </message>
    <message>
      <source>the node gives single instances, and nothing lists those of {what}: {remedy}</source>
      <translation>le nœud donne des instances une à une, et rien ne les liste, {what} : {remedy}</translation>
    </message>
    <message>
      <source>the server has no {what}, or gives neither the whole of it nor a list of its instances: check the identifier; {remedy}</source>
      <translation>le serveur n'a pas ceci, {what}, ou n'en donne ni la totalité ni une liste des instances : vérifiez l'identifiant ; {remedy}</translation>
    </message>
    <message>
      <source>the server knows no {resource}</source>
      <translation>le serveur ne connaît pas ceci : {resource}</translation>
    </message>
    <message>
      <source>retrieve everything</source>
      <translation>tout récupérer</translation>
    </message>
    <message>
      <source>{count} missing: {first}</source>
      <translation>{count} manquent : {first}</translation>
    </message>
    <message>
      <source>{path} cannot be written ({reason})</source>
      <translation>{path} ne peut pas être écrit ({reason})</translation>
    </message>
    <message>
      <source>the disk of {folder} is full ({reason})</source>
      <translation>le disque de {folder} est plein ({reason})</translation>
    </message>
    <message>
      <source>the server has no instances of it</source>
      <translation>le serveur n'en a aucune instance</translation>
    </message>
    <message>
      <source>the server sends only a part of it</source>
      <translation>le serveur n'en envoie qu'une partie</translation>
    </message>
    <message>
      <source>the server sent another instance, or none</source>
      <translation>le serveur a envoyé une autre instance, ou aucune</translation>
    </message>
    <message>
      <source>Tell the server's administrator.</source>
      <translation>Dites-le à l'administrateur du serveur.</translation>
    </message>
    <message>
      <source>the server counts {expected} instances but lists and sends only {listed}</source>
      <translation>le serveur compte {expected} instances mais n'en liste et n'en envoie que {listed}</translation>
    </message>
    <message>
      <source>the worker refuses a request: {message}</source>
      <translation>le processus de travail refuse une requête : {message}</translation>
    </message>
    <message>
      <source>the worker process was stopped</source>
      <translation>le processus de travail a été arrêté</translation>
    </message>
    <message>
      <source>the worker process sent something that is no message</source>
      <translation>le processus de travail a envoyé quelque chose qui n'est pas un message</translation>
    </message>
    <message>
      <source>the worker process said nothing for {seconds} s after its start and was ended</source>
      <translation>le processus de travail n'a rien dit pendant {seconds} s après son démarrage et a été arrêté</translation>
    </message>
    <message>
      <source>the worker process {reason}</source>
      <translation>le processus de travail {reason}</translation>
    </message>
    <message>
      <source>the worker process did not answer for {seconds} s and was ended</source>
      <translation>le processus de travail n'a pas répondu pendant {seconds} s et a été arrêté</translation>
    </message>
    <message>
      <source>more lists than the worker keeps</source>
      <translation>plus de listes que le processus de travail n'en garde</translation>
    </message>
    <message>
      <source>Ask for less at once.</source>
      <translation>Demandez moins d'un coup.</translation>
    </message>
    <message>
      <source>there is no such manifest any more</source>
      <translation>ce manifeste n'existe plus</translation>
    </message>
    <message>
      <source>Open it again.</source>
      <translation>Ouvrez-le de nouveau.</translation>
    </message>
    <message>
      <source>what a manifest brings is known only as long as the program runs</source>
      <translation>ce qu'un manifeste apporte n'est connu que tant que le programme tourne</translation>
    </message>
    <message>
      <source>Open the manifest or link again.</source>
      <translation>Ouvrez de nouveau le manifeste ou le lien.</translation>
    </message>
    <message>
      <source>an item of {length} bytes is too long to be passed on</source>
      <translation>un élément de {length} octets est trop long pour être transmis</translation>
    </message>
    <message>
      <source>a request of {length:,} bytes is more than the worker takes at once</source>
      <translation>une requête de {length:,} octets dépasse ce que le processus de travail prend d'un coup</translation>
    </message>
    <message>
      <source>the job has not ended after {timeout} s</source>
      <translation>la tâche n'est pas terminée après {timeout} s</translation>
    </message>
    <message>
      <source>the worker process does not start: {reason}</source>
      <translation>le processus de travail ne démarre pas : {reason}</translation>
    </message>
    <message>
      <source>ended (exit status {code})</source>
      <translation>s'est terminé (code de sortie {code})</translation>
    </message>
    <message>
      <source>attributes that are too long to be shown were left out: {names}</source>
      <translation>des attributs trop longs pour être montrés ont été omis : {names}</translation>
    </message>
    <message>
      <source>Give text, or a list of texts.</source>
      <translation>Donnez du texte, ou une liste de textes.</translation>
    </message>
    <message>
      <source>the nodes are no list of names or nodes</source>
      <translation>les nœuds ne sont pas une liste de noms ou de nœuds</translation>
    </message>
    <message>
      <source>Name one at least.</source>
      <translation>Nommez-en au moins un.</translation>
    </message>
    <message>
      <source>an offset counts the results of one node, and several are given</source>
      <translation>un décalage compte les résultats d'un nœud, et plusieurs sont donnés</translation>
    </message>
    <message>
      <source>the level is {level!r}</source>
      <translation>le niveau est {level!r}</translation>
    </message>
    <message>
      <source>Restart the application: the extension was updated while it was running.</source>
      <translation>Redémarrez l'application : l'extension a été mise à jour pendant qu'elle tournait.</translation>
    </message>
    <message>
      <source>the worker speaks version {version} of its protocol, and was asked for {protocol}</source>
      <translation>le processus de travail parle la version {version} de son protocole, et on lui a demandé {protocol}</translation>
    </message>
    <message>
      <source>too many requests are waiting</source>
      <translation>trop de requêtes attendent</translation>
    </message>
    <message>
      <source>Try again later.</source>
      <translation>Réessayez plus tard.</translation>
    </message>
    <message>
      <source>unexpected {kind}</source>
      <translation>inattendu : {kind}</translation>
    </message>
    <message>
      <source>{number} connections</source>
      <translation>{number} connexions</translation>
    </message>
    <message>
      <source>Give 1 to {most_connections}.</source>
      <translation>Donnez 1 à {most_connections}.</translation>
    </message>
    <message>
      <source>the log level is {log_level!r}</source>
      <translation>le niveau du journal est {log_level!r}</translation>
    </message>
    <message>
      <source>an item of the inventory is not a pair of instance and file</source>
      <translation>un élément de l'inventaire n'est pas une paire d'instance et de fichier</translation>
    </message>
    <message>
      <source>a WADO-URI service has no metadata</source>
      <translation>un service WADO-URI n'a pas de métadonnées</translation>
    </message>
    <message>
      <source>has a document type, which could define anything</source>
      <translation>a un type de document, qui pourrait définir n'importe quoi</translation>
    </message>
    <message>
      <source>is not well-formed XML: {problem}</source>
      <translation>n'est pas du XML bien formé : {problem}</translation>
    </message>
    <message>
      <source>Slicer's DICOM database is not open</source>
      <translation>la base DICOM de Slicer n'est pas ouverte</translation>
    </message>
    <message>
      <source>Open it, or choose a folder for it.</source>
      <translation>Ouvrez-la, ou choisissez un dossier pour elle.</translation>
    </message>
    <message>
      <source>Slicer's DICOM database is kept in memory only</source>
      <translation>la base DICOM de Slicer est gardée en mémoire seulement</translation>
    </message>
    <message>
      <source>Choose a folder for it.</source>
      <translation>Choisissez un dossier pour elle.</translation>
    </message>
    <message>
      <source>Choose a folder for the database.</source>
      <translation>Choisissez un dossier pour la base.</translation>
    </message>
    <message>
      <source>Open the DICOM module, which updates it, or choose another folder.</source>
      <translation>Ouvrez le module DICOM, qui la met à jour, ou choisissez un autre dossier.</translation>
    </message>
    <message>
      <source>{file} cannot be read as a DICOM database: it is damaged, or another program holds it</source>
      <translation>{file} ne peut pas être lu comme base de données DICOM : elle est endommagée, ou un autre programme la retient</translation>
    </message>
    <message>
      <source>Slicer's DICOM database is of version {version}, and this Slicer needs {needed}</source>
      <translation>la base DICOM de Slicer est de la version {version}, et ce Slicer a besoin de {needed}</translation>
    </message>
    <message>
      <source>the file of Slicer's DICOM database, {file}, is missing</source>
      <translation>le fichier de la base DICOM de Slicer, {file}, manque</translation>
    </message>
    <message>
      <source>you may not write to the folder of Slicer's DICOM database, {folder}</source>
      <translation>vous ne pouvez pas écrire dans le dossier de la base DICOM de Slicer, {folder}</translation>
    </message>
    <message>
      <source>another DICOM database was opened meanwhile, in the place of that in {folder}</source>
      <translation>une autre base de données DICOM a été ouverte entre-temps, à la place de celle de {folder}</translation>
    </message>
    <message>
      <source>nothing of it arrived</source>
      <translation>rien n'en est arrivé</translation>
    </message>
    <message>
      <source>it has arrived, but Slicer's DICOM database did not take it (the application's log may say why). See that its disk is not full, then Retry: what is here is not fetched again.</source>
      <translation>elle est arrivée, mais la base DICOM de Slicer ne l'a pas prise (le journal de l'application dit peut-être pourquoi). Vérifiez que son disque n'est pas plein ; « Réessayer » ne rapporte ensuite rien de ce qui est déjà ici.</translation>
    </message>
    <message>
      <source>Retry brings it into the database that is open now.</source>
      <translation>« Réessayer » l’apporte dans la base de données ouverte à présent.</translation>
    </message>
    <message>
      <source>it was removed from the database, or its file from the disk, while the import went on</source>
      <translation>elle a été retirée de la base de données, ou son fichier du disque, pendant l’importation</translation>
    </message>
    <message>
      <source>to load {what}, install the extension {extension} (View, Extensions Manager) and restart Slicer</source>
      <translation>pour charger ({what}), installez l'extension {extension} (View, Extensions Manager) et redémarrez Slicer</translation>
    </message>
    <message>
      <source>structure sets</source>
      <translation>structures</translation>
    </message>
    <message>
      <source>doses as doses</source>
      <translation>doses en tant que doses</translation>
    </message>
    <message>
      <source>treatment plans</source>
      <translation>plans de traitement</translation>
    </message>
    <message>
      <source>portal images</source>
      <translation>images portales</translation>
    </message>
    <message>
      <source>segmentations</source>
      <translation>segmentations</translation>
    </message>
    <message>
      <source>structured reports</source>
      <translation>rapports structurés</translation>
    </message>
    <message>
      <source>parametric maps</source>
      <translation>cartes paramétriques</translation>
    </message>
    <message>
      <source>to load {what}, switch the plugin {plugin} on (DICOM module, DICOM plugins)</source>
      <translation>pour charger ({what}), activez le plugin {plugin} (module DICOM, DICOM plugins)</translation>
    </message>
    <message>
      <source>Open that folder again to load from it.</source>
      <translation>Ouvrez de nouveau ce dossier pour charger depuis celui-ci.</translation>
    </message>
    <message>
      <source>Missing on the disk: {count} of {all} files of {what}.</source>
      <translation>Il manque sur le disque {count} des {all} fichiers de {what}.</translation>
    </message>
    <message>
      <source>it is no image ({kind})</source>
      <translation>ce n’est pas une image ({kind})</translation>
    </message>
    <message>
      <source>none of Slicer's DICOM plugins can load it</source>
      <translation>aucun des plugins DICOM de Slicer ne peut la charger</translation>
    </message>
    <message>
      <source>the DICOM plugin did not load it</source>
      <translation>le plugin DICOM ne l'a pas chargée</translation>
    </message>
    <message>
      <source>the DICOM database has no files of it</source>
      <translation>la base DICOM n'en a pas de fichiers</translation>
    </message>
    <message>
      <source>{count} instances that are referred to are not in the DICOM database.</source>
      <translation>{count} instances auxquelles il est fait référence ne sont pas dans la base DICOM.</translation>
    </message>
    <message>
      <source>{value!r} is not a whole number</source>
      <translation>{value!r} n'est pas un nombre entier</translation>
    </message>
    <message>
      <source>it is under way already</source>
      <translation>c'est déjà en cours</translation>
    </message>
    <message>
      <source>Try again when it has ended.</source>
      <translation>Réessayez quand ce sera terminé.</translation>
    </message>
    <message>
      <source>another Slicer that has this DICOM database open is at it already</source>
      <translation>un autre Slicer, qui a ouvert cette base de données DICOM, s'en occupe déjà</translation>
    </message>
    <message>
      <source>Look there how far it is, or try again when it has ended.</source>
      <translation>Voyez là-bas où il en est, ou réessayez quand il sera fermé.</translation>
    </message>
    <message>
      <source>Run slicer.util.pip_install('oauthlib') in Slicer's Python console, or sign in otherwise.</source>
      <translation>Lancez slicer.util.pip_install('oauthlib') dans la console Python de Slicer, ou connectez-vous autrement.</translation>
    </message>
    <message>
      <source>oauthlib could not be installed: {error}</source>
      <translation>oauthlib n'a pas pu être installé : {error}</translation>
    </message>
    <message>
      <source>the DICOM database has no file of it</source>
      <translation>la base DICOM n'en a pas de fichier</translation>
    </message>
    <message>
      <source>there are no files to send</source>
      <translation>il n'y a pas de fichiers à envoyer</translation>
    </message>
    <message>
      <source>Choose series that are in the database.</source>
      <translation>Choisissez des séries qui sont dans la base.</translation>
    </message>
    <message>
      <source>the application was closed</source>
      <translation>l'application a été fermée</translation>
    </message>
    <message>
      <source>ended (exit status {code}: {said})</source>
      <translation>s'est terminé (code de sortie {code} : {said})</translation>
    </message>
    <message>
      <source>PythonSlicer, the application's Python interpreter, is not in its search path</source>
      <translation>PythonSlicer, l'interpréteur Python de l'application, n'est pas dans son chemin de recherche</translation>
    </message>
    <message>
      <source>Start the application with its launcher.</source>
      <translation>Démarrez l'application avec son lanceur.</translation>
    </message>
    <message>
      <source>does not start: {program} cannot be run</source>
      <translation>ne démarre pas : {program} ne peut pas être exécuté</translation>
    </message>
    <message>
      <source>Google Cloud Healthcare</source>
      <translation>Google Cloud Healthcare</translation>
    </message>
    <message>
      <source>Signs you in with your Google account. Create an OAuth client of type 'Desktop app' in the Google Cloud console; Google wants its secret although it is no secret in a desktop program.</source>
      <translation>Vous connecte avec votre compte Google. Créez un client OAuth du type 'Application de bureau' dans la console Google Cloud ; Google veut son secret, bien que ce n'en soit pas un dans un programme de bureau.</translation>
    </message>
    <message>
      <source>Client ID</source>
      <translation>ID client</translation>
    </message>
    <message>
      <source>Given by the provider when this program is registered as a native (desktop) application.</source>
      <translation>Donné par le fournisseur quand ce programme est enregistré comme application native (de bureau).</translation>
    </message>
    <message>
      <source>Client secret</source>
      <translation>Secret client</translation>
    </message>
    <message>
      <source>From the same page as the client ID.</source>
      <translation>De la même page que l'ID client.</translation>
    </message>
    <message>
      <source>Google application default credentials, or gcloud</source>
      <translation>Google application default credentials, ou gcloud</translation>
    </message>
    <message>
      <source>Uses what 'gcloud auth application-default login' or a service account's key file left on this computer, or asks 'gcloud auth print-access-token' each time.</source>
      <translation>Utilise ce que 'gcloud auth application-default login' ou le fichier de clé d'un compte de service a laissé sur cet ordinateur, ou demande chaque fois à 'gcloud auth print-access-token'.</translation>
    </message>
    <message>
      <source>Source</source>
      <translation>Source</translation>
    </message>
    <message>
      <source>application-default: the credentials file. gcloud: the account that gcloud is signed in with.</source>
      <translation>application-default : le fichier d'identifiants. gcloud : le compte avec lequel gcloud est connecté.</translation>
    </message>
    <message>
      <source>Credentials file</source>
      <translation>Fichier d'identifiants</translation>
    </message>
    <message>
      <source>Leave it empty for GOOGLE_APPLICATION_CREDENTIALS, else the place where gcloud puts it.</source>
      <translation>Laissez vide pour GOOGLE_APPLICATION_CREDENTIALS, sinon l'endroit où gcloud les met.</translation>
    </message>
    <message>
      <source>Scope</source>
      <translation>Scope</translation>
    </message>
    <message>
      <source>Of a service account.</source>
      <translation>D'un compte de service.</translation>
    </message>
    <message>
      <source>Default Keycloak</source>
      <translation>Keycloak</translation>
    </message>
    <message>
      <source>A realm of a Keycloak server. In its client, allow the standard flow with the redirect URI http://127.0.0.1/callback.</source>
      <translation>Un realm d'un serveur Keycloak. Dans son client, autorisez le standard flow avec l'URI de redirection http://127.0.0.1/callback.</translation>
    </message>
    <message>
      <source>Base URL</source>
      <translation>URL de base</translation>
    </message>
    <message>
      <source>Of the Keycloak server, with /auth at its end before version 18.</source>
      <translation>Du serveur Keycloak, avec /auth à la fin avant la version 18.</translation>
    </message>
    <message>
      <source>Realm</source>
      <translation>Realm</translation>
    </message>
    <message>
      <source>the name of a realm</source>
      <translation>le nom d'un realm</translation>
    </message>
    <message>
      <source>Only for a confidential client; a public client has none.</source>
      <translation>Seulement pour un client confidentiel ; un client public n'en a pas.</translation>
    </message>
    <message>
      <source>Separated by spaces.</source>
      <translation>Séparés par des espaces.</translation>
    </message>
    <message>
      <source>Grant</source>
      <translation>Grant</translation>
    </message>
    <message>
      <source>authorization_code: a person signs in in the browser. device_code: in a browser elsewhere. client_credentials: this program signs in by itself, with its secret.</source>
      <translation>authorization_code : une personne se connecte dans le navigateur. device_code : dans un navigateur ailleurs. client_credentials : ce programme se connecte lui-même, avec son secret.</translation>
    </message>
    <message>
      <source>Microsoft Entra ID (Azure DICOM service)</source>
      <translation>Microsoft Entra ID (Azure DICOM service)</translation>
    </message>
    <message>
      <source>Register an application with the platform 'Mobile and desktop applications', the redirect URI http://localhost and the API permission Dicom.ReadWrite.</source>
      <translation>Enregistrez une application avec la plateforme 'Applications mobiles et de bureau', l'URI de redirection http://localhost et l'autorisation d'API Dicom.ReadWrite.</translation>
    </message>
    <message>
      <source>Directory (tenant) ID</source>
      <translation>ID de l'annuaire (locataire)</translation>
    </message>
    <message>
      <source>On the overview page of Microsoft Entra ID.</source>
      <translation>Sur la page d'aperçu de Microsoft Entra ID.</translation>
    </message>
    <message>
      <source>a GUID</source>
      <translation>un GUID</translation>
    </message>
    <message>
      <source>Application (client) ID</source>
      <translation>ID d'application (client)</translation>
    </message>
    <message>
      <source>authorization_code: a person signs in in the browser. device_code: in a browser elsewhere.</source>
      <translation>authorization_code : une personne se connecte dans le navigateur. device_code : dans un navigateur ailleurs.</translation>
    </message>
    <message>
      <source>Auth0</source>
      <translation>Auth0</translation>
    </message>
    <message>
      <source>Register a native application and allow the callback URL http://localhost:PORT/callback.</source>
      <translation>Enregistrez une application native et autorisez l'URL de rappel http://localhost:PORT/callback.</translation>
    </message>
    <message>
      <source>Domain</source>
      <translation>Domaine</translation>
    </message>
    <message>
      <source>a host name</source>
      <translation>un nom d'hôte</translation>
    </message>
    <message>
      <source>Audience</source>
      <translation>Audience</translation>
    </message>
    <message>
      <source>The identifier of the API that is in front of the DICOMweb server.</source>
      <translation>L'identifiant de l'API qui est devant le serveur DICOMweb.</translation>
    </message>
    <message>
      <source>Redirect port</source>
      <translation>Port de redirection</translation>
    </message>
    <message>
      <source>The port in the redirect URI that is registered: http://localhost:PORT/callback.</source>
      <translation>Le port dans l'URI de redirection enregistrée : http://localhost:PORT/callback.</translation>
    </message>
    <message>
      <source>a port number</source>
      <translation>un numéro de port</translation>
    </message>
    <message>
      <source>Okta</source>
      <translation>Okta</translation>
    </message>
    <message>
      <source>Register a native application and add the sign-in redirect URI http://localhost:PORT/callback.</source>
      <translation>Enregistrez une application native et ajoutez l'URI de redirection de connexion http://localhost:PORT/callback.</translation>
    </message>
    <message>
      <source>Issuer URI</source>
      <translation>URI de l'émetteur</translation>
    </message>
    <message>
      <source>In the admin console under Security, API, Authorization Servers.</source>
      <translation>Dans la console d'administration sous Security, API, Authorization Servers.</translation>
    </message>
    <message>
      <source>Amazon Cognito</source>
      <translation>Amazon Cognito</translation>
    </message>
    <message>
      <source>An app client of a user pool, with the authorization code grant and the callback URL http://localhost:PORT/callback.</source>
      <translation>Un client d'application d'un groupe d'utilisateurs, avec le grant authorization code et l'URL de rappel http://localhost:PORT/callback.</translation>
    </message>
    <message>
      <source>Region</source>
      <translation>Région</translation>
    </message>
    <message>
      <source>a region</source>
      <translation>une région</translation>
    </message>
    <message>
      <source>User pool ID</source>
      <translation>ID du groupe d'utilisateurs</translation>
    </message>
    <message>
      <source>a user pool ID</source>
      <translation>un ID de groupe d'utilisateurs</translation>
    </message>
    <message>
      <source>authorization_code: a person signs in in the browser. client_credentials: this program signs in by itself, with its secret.</source>
      <translation>authorization_code : une personne se connecte dans le navigateur. client_credentials : ce programme se connecte lui-même, avec son secret.</translation>
    </message>
    <message>
      <source>AWS Signature Version 4 (HealthImaging)</source>
      <translation>AWS Signature Version 4 (HealthImaging)</translation>
    </message>
    <message>
      <source>Signs each request with the credentials of the AWS tools: environment variables, else the files that 'aws configure' writes.</source>
      <translation>Signe chaque requête avec les identifiants des outils AWS : variables d'environnement, sinon les fichiers qu'écrit 'aws configure'.</translation>
    </message>
    <message>
      <source>Service</source>
      <translation>Service</translation>
    </message>
    <message>
      <source>the name of a service</source>
      <translation>le nom d'un service</translation>
    </message>
    <message>
      <source>Profile</source>
      <translation>Profil</translation>
    </message>
    <message>
      <source>Of the AWS files; empty for AWS_PROFILE, else 'default'.</source>
      <translation>Des fichiers AWS ; vide pour AWS_PROFILE, sinon 'default'.</translation>
    </message>
    <message>
      <source>OpenID Connect (any provider)</source>
      <translation>OpenID Connect (tout fournisseur)</translation>
    </message>
    <message>
      <source>Everything else is discovered from the issuer. Register a native (public) client with the redirect URI http://127.0.0.1/callback.</source>
      <translation>Tout le reste est demandé à l'émetteur. Enregistrez un client natif (public) avec l'URI de redirection http://127.0.0.1/callback.</translation>
    </message>
    <message>
      <source>Issuer</source>
      <translation>Émetteur</translation>
    </message>
    <message>
      <source>The address under which /.well-known/openid-configuration is found.</source>
      <translation>L'adresse sous laquelle se trouve /.well-known/openid-configuration.</translation>
    </message>
    <message>
      <source>The API that the token is for, where the provider asks for it.</source>
      <translation>L'interface pour laquelle vaut le jeton, où le fournisseur la demande.</translation>
    </message>
    <message>
      <source>0 takes any that is free. Give the registered one where the provider compares the redirect URI exactly.</source>
      <translation>0 en prend un libre quelconque. Donnez celui qui est enregistré si le fournisseur compare exactement l'URI de redirection.</translation>
    </message>
    <message>
      <source>OAuth 2.0 (any server)</source>
      <translation>OAuth 2.0 (tout serveur)</translation>
    </message>
    <message>
      <source>A plain OAuth 2.0 authorization server, by its endpoints.</source>
      <translation>Un simple serveur d'autorisation OAuth 2.0, par ses points d'accès.</translation>
    </message>
    <message>
      <source>Authorization endpoint</source>
      <translation>Point d'accès d'autorisation</translation>
    </message>
    <message>
      <source>For the grant authorization_code.</source>
      <translation>Pour le grant authorization_code.</translation>
    </message>
    <message>
      <source>Token endpoint</source>
      <translation>Point d'accès des jetons</translation>
    </message>
    <message>
      <source>Device authorization endpoint</source>
      <translation>Point d'accès d'autorisation d'appareil</translation>
    </message>
    <message>
      <source>For the grant device_code.</source>
      <translation>Pour le grant device_code.</translation>
    </message>
    <message>
      <source>Revocation endpoint</source>
      <translation>Point d'accès de révocation</translation>
    </message>
    <message>
      <source>To sign out at the server as well.</source>
      <translation>Pour se déconnecter aussi du serveur.</translation>
    </message>
    <message>
      <source>Client authentication</source>
      <translation>Authentification du client</translation>
    </message>
    <message>
      <source>How the client secret is sent, if there is one.</source>
      <translation>Comment le secret client est envoyé, s'il y en a un.</translation>
    </message>
    <message>
      <source>User name and password (Basic)</source>
      <translation>Nom d'utilisateur et mot de passe (Basic)</translation>
    </message>
    <message>
      <source>Sent with each request (RFC 7617); over https, or to this computer.</source>
      <translation>Envoyés avec chaque requête (RFC 7617) ; par https, ou à cet ordinateur.</translation>
    </message>
    <message>
      <source>User name</source>
      <translation>Nom d'utilisateur</translation>
    </message>
    <message>
      <source>Password</source>
      <translation>Mot de passe</translation>
    </message>
    <message>
      <source>Bearer token</source>
      <translation>Jeton bearer</translation>
    </message>
    <message>
      <source>A token that somebody gave you; it is not renewed.</source>
      <translation>Un jeton que quelqu'un vous a donné ; il n'est pas renouvelé.</translation>
    </message>
    <message>
      <source>Token</source>
      <translation>Jeton</translation>
    </message>
    <message>
      <source>one: it has characters that a bearer token has not</source>
      <translation>un jeton bearer ; celui-ci a des caractères qu'un tel jeton n'a pas</translation>
    </message>
    <message>
      <source>API key in a header</source>
      <translation>Clé d'API dans un en-tête</translation>
    </message>
    <message>
      <source>A header field with a secret value.</source>
      <translation>Un en-tête avec une valeur secrète.</translation>
    </message>
    <message>
      <source>Header</source>
      <translation>En-tête</translation>
    </message>
    <message>
      <source>Key</source>
      <translation>Clé</translation>
    </message>
    <message>
      <source>AWS HealthImaging</source>
      <translation>AWS HealthImaging</translation>
    </message>
    <message>
      <source>The DICOMweb service of a data store itself. Instances come one by one, mostly as High-Throughput JPEG 2000.</source>
      <translation>Le service DICOMweb d'un data store lui-même. Les instances viennent une à une, le plus souvent en High-Throughput JPEG 2000.</translation>
    </message>
    <message>
      <source>Data store ID</source>
      <translation>ID du data store</translation>
    </message>
    <message>
      <source>a data store ID (32 digits and small letters)</source>
      <translation>un ID de data store (32 chiffres et minuscules)</translation>
    </message>
    <message>
      <source>Azure DICOM service</source>
      <translation>Azure DICOM service</translation>
    </message>
    <message>
      <source>The service URL is on the overview page of the DICOM service in the Azure portal. It knows no wildcards: what they stand for is compared here.</source>
      <translation>L'URL du service est sur la page d'aperçu du service DICOM dans le portail Azure. Il ne connaît pas de jokers : ce qu'ils remplacent est comparé ici.</translation>
    </message>
    <message>
      <source>Workspace</source>
      <translation>Espace de travail</translation>
    </message>
    <message>
      <source>a workspace (3 to 24 small letters and digits)</source>
      <translation>un espace de travail (3 à 24 minuscules et chiffres)</translation>
    </message>
    <message>
      <source>DICOM service</source>
      <translation>Service DICOM</translation>
    </message>
    <message>
      <source>a service (small letters, digits and '-')</source>
      <translation>un service (minuscules, chiffres et '-')</translation>
    </message>
    <message>
      <source>API version</source>
      <translation>Version de l'API</translation>
    </message>
    <message>
      <source>a version of the API</source>
      <translation>une version de l'API</translation>
    </message>
    <message>
      <source>dcm4chee-arc-light</source>
      <translation>dcm4chee-arc-light</translation>
    </message>
    <message>
      <source>Every AE title of the archive is a DICOMweb service of its own. A secured archive signs people in with Keycloak.</source>
      <translation>Chaque titre AE de l'archive est un service DICOMweb à part. Une archive sécurisée connecte les personnes avec Keycloak.</translation>
    </message>
    <message>
      <source>AE title</source>
      <translation>Titre AE</translation>
    </message>
    <message>
      <source>an AE title of at most 16 characters</source>
      <translation>un titre AE de 16 caractères au plus</translation>
    </message>
    <message>
      <source>Of the archive; the usual one is DCM4CHEE.</source>
      <translation>De l'archive ; l'habituel est DCM4CHEE.</translation>
    </message>
    <message>
      <source>Any DICOMweb server</source>
      <translation>Tout serveur DICOMweb</translation>
    </message>
    <message>
      <source>The base URL is what stands in front of /studies. Everything else follows the standard.</source>
      <translation>L'URL de base est ce qui précède /studies. Tout le reste suit la norme.</translation>
    </message>
    <message>
      <source>The names are in the address of the DICOM store in the Google Cloud console: project, location, dataset and store.</source>
      <translation>Les noms sont dans l'adresse du dépôt DICOM dans la console Google Cloud : projet, lieu, ensemble de données et dépôt.</translation>
    </message>
    <message>
      <source>Project</source>
      <translation>Projet</translation>
    </message>
    <message>
      <source>the ID or the number of a project</source>
      <translation>l'ID ou le numéro d'un projet</translation>
    </message>
    <message>
      <source>Location</source>
      <translation>Lieu</translation>
    </message>
    <message>
      <source>a location</source>
      <translation>un lieu</translation>
    </message>
    <message>
      <source>Dataset</source>
      <translation>Ensemble de données</translation>
    </message>
    <message>
      <source>a dataset ID (letters, digits, '_' and '-')</source>
      <translation>un ID d'ensemble de données (lettres, chiffres, '_' et '-')</translation>
    </message>
    <message>
      <source>DICOM store</source>
      <translation>Dépôt DICOM</translation>
    </message>
    <message>
      <source>a store ID (letters, digits, '_', '-' and '.')</source>
      <translation>un ID de dépôt (lettres, chiffres, '_', '-' et '.')</translation>
    </message>
    <message>
      <source>Amazon HealthLake Imaging through the AHI DICOMweb proxy</source>
      <translation>Amazon HealthLake Imaging par le proxy DICOMweb AHI</translation>
    </message>
    <message>
      <source>For searching and retrieving only. A reply starts when all of its instances are there: give the node a long read timeout.</source>
      <translation>Pour rechercher et récupérer seulement. Une réponse commence quand toutes ses instances sont là : donnez au nœud un long délai de lecture.</translation>
    </message>
    <message>
      <source>Kaapana</source>
      <translation>Kaapana</translation>
    </message>
    <message>
      <source>Its DICOMweb filter shows what the signed-in person may see. The token's audience is 'kaapana'.</source>
      <translation>Son filtre DICOMweb montre ce que la personne connectée peut voir. L'audience du jeton est 'kaapana'.</translation>
    </message>
    <message>
      <source>Orthanc</source>
      <translation>Orthanc</translation>
    </message>
    <message>
      <source>Needs Orthanc's DICOMweb plugin. The base URL ends in /dicom-web unless its configuration says otherwise.</source>
      <translation>Demande le plugin DICOMweb d'Orthanc. L'URL de base finit par /dicom-web, sauf si sa configuration dit autre chose.</translation>
    </message>
    <message>
      <source>Static DICOMweb</source>
      <translation>Static DICOMweb</translation>
    </message>
    <message>
      <source>Files that were made beforehand, behind any web server. Nothing can be stored, and what a search finds is chosen here.</source>
      <translation>Des fichiers faits d'avance, derrière un serveur web quelconque. Rien ne peut être stocké, et ce qu'une recherche trouve est choisi ici.</translation>
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
      <source>&amp;OpenID provider
(tells who signed in)</source>
      <translation>&amp;Fournisseur OpenID
(dit qui s'est connecté)</translation>
    </message>
    <message>
      <source>Allow secrets over plain http</source>
      <translation>Permettre les secrets en http</translation>
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
      <translation>Aff&amp;icher</translation>
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
      <source>Send its sign-in &amp;without encryption:
everybody on the way can read it</source>
      <translation>Envoyer la connexion &amp;en clair :
d'autres peuvent la lire</translation>
    </message>
    <message>
      <source>Import and &amp;load</source>
      <translation>Importer et &amp;charger</translation>
    </message>
    <message>
      <source>&amp;Import</source>
      <translation>&amp;Importer</translation>
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
      <translation>&amp;Connexion en :</translation>
    </message>
    <message>
      <source> s</source>
      <translation> s</translation>
    </message>
    <message>
      <source>&amp;Wait for data at most:</source>
      <translation>Attente de données :</translation>
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
      <translation>Plus gros document :</translation>
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
      <source>Host and port.</source>
      <translation>Hôte et port.</translation>
    </message>
    <message>
      <source>as the system says</source>
      <translation>comme le dit le système</translation>
    </message>
    <message>
      <source>Proxy user:</source>
      <translation>Utilisateur du proxy :</translation>
    </message>
    <message>
      <source>For a proxy that wants to know who you are.</source>
      <translation>Pour un proxy qui veut savoir qui vous êtes.</translation>
    </message>
    <message>
      <source>none</source>
      <translation>aucune</translation>
    </message>
    <message>
      <source>Proxy password:</source>
      <translation>Mot de passe du proxy :</translation>
    </message>
    <message>
      <source>Kept with the other secrets, and told to this proxy only.</source>
      <translation>Conservé avec les autres secrets, et dit à ce proxy seulement.</translation>
    </message>
    <message>
      <source>Show</source>
      <translation>Afficher</translation>
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
      <source>Send credentials over plain http
(others can read them)</source>
      <translation>Envoyer les identifiants par http
(d'autres peuvent les lire)</translation>
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
      <source>Also names that sound alike</source>
      <translation>Aussi les noms qui sonnent pareil</translation>
    </message>
    <message>
      <source>Where the server can: others match names as they are written.</source>
      <translation>Si le serveur le peut : les autres comparent les noms tels qu’ils sont écrits.</translation>
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
      <source>After each series the server is asked which instances it lists, and each of them has to be there. This finds what counting does not: an instance that came in place of another. It costs one more search for each series, which is felt with many small ones. It applies to imports that start from now on.</source>
      <translation>Après chaque série, on demande au serveur quelles instances il énumère, et chacune doit être là. Cela trouve ce que compter ne trouve pas : une instance venue à la place d'une autre. Cela coûte une recherche de plus par série, ce qui se sent quand il y en a beaucoup de petites. Cela vaut pour les importations qui commencent à partir de maintenant.</translation>
    </message>
    <message>
      <source>Co&amp;mpare imports with the server's list</source>
      <translation>Co&amp;mparer les importations avec la liste du serveur</translation>
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
