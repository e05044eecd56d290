"""The classes of ``qt`` that the module may use: all of them are in Slicer's PythonQt, with Qt 5.15 and with Qt 6.

A name that is missing here is one that nobody has needed yet: look it up in a real Slicer before adding it.
"""

from __future__ import annotations

CORE = """
    QAbstractItemModel QAbstractListModel QAbstractTableModel QBuffer QByteArray QCoreApplication QDate QDateTime QDir
    QElapsedTimer QEvent QEventLoop QFile QFileInfo QFileSystemWatcher QIODevice QItemSelection QItemSelectionModel
    QLocale QMargins QMetaObject QMimeData QModelIndex QObject QPersistentModelIndex QPoint QProcess
    QProcessEnvironment QRect QRegularExpression QSettings QSignalBlocker QSize QSocketNotifier QSortFilterProxyModel
    QStandardPaths QStringListModel QTime QTimer QUrl Qt
"""

GUI = """
    QAction QBrush QClipboard QColor QCursor QDesktopServices QDoubleValidator QFont QFontDatabase QFontMetrics QIcon
    QImage QIntValidator QKeyEvent QKeySequence QPainter QPalette QPen QPixmap QRegularExpressionValidator QShortcut
    QStandardItem QStandardItemModel QTextCursor QTextDocument QTextOption QValidator
"""

WIDGETS = """
    QAbstractButton QAbstractItemView QApplication QButtonGroup QCheckBox QComboBox QCompleter QDateEdit QDialog
    QDialogButtonBox QDoubleSpinBox QFileDialog QFormLayout QFrame QGridLayout QGroupBox QHBoxLayout QHeaderView
    QInputDialog QLabel QLayout QLineEdit QListView QListWidget QListWidgetItem QMainWindow QMenu QMenuBar QMessageBox
    QPlainTextEdit QProgressBar QProgressDialog QPushButton QRadioButton QScrollArea QSizePolicy QSpacerItem QSpinBox
    QSplitter QStackedLayout QStackedWidget QStatusBar QStyle QStyleOption QStyleOptionProgressBar QStyleOptionViewItem
    QStyledItemDelegate QTabWidget QTableView QTableWidget QTableWidgetItem QTextBrowser QTextEdit QToolBar QToolButton
    QToolTip QTreeView QTreeWidget QTreeWidgetItem QVBoxLayout QWidget QWidgetAction
"""

NETWORK = "QLocalServer QLocalSocket QNetworkAccessManager QTcpServer QTcpSocket"
